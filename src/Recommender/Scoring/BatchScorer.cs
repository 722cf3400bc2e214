using System.Collections.Concurrent;
using System.Collections.Immutable;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Models;
using Recommender.Threading;

namespace Recommender.Scoring;

/// <summary>
/// Answers many people together, each as <see cref="Scorer"/> would to the last bit, whatever the number of threads: several pass the
/// catalogue at once, so that a part of it that is near serves all of them. One call at a time uses it.
/// </summary>
/// <remarks>
/// Memory is bounded by who is under way, not by how many there are: beside what all share, a person takes 4 bytes an item of the
/// catalogue, and as many are under way as fit into 64 MB, at least one a thread.
/// </remarks>
public sealed class BatchScorer
{
    private const long BytesUnderWay = 64L << 20;

    private readonly TrainedModel _model;
    private readonly VectorKernels _kernels;
    private readonly ConcurrentBag<BatchWorker> _idle = [];
    private Newcomers _newcomers;
    private ImmutableArray<Boost> _boosts = [];

    public BatchScorer(TrainedModel model) : this(model, VectorKernels.Best) { }

    internal BatchScorer(TrainedModel model, VectorKernels kernels)
    {
        (_model, _kernels) = (model, kernels);
        _newcomers = Newcomers.None(model.Items.Count);
    }

    /// <inheritdoc cref="Scorer.Newcomers"/>
    public Newcomers Newcomers
    {
        get => _newcomers;
        set => _newcomers = value.KnownItems == _model.Items.Count
            ? value
            : throw new ArgumentException($"The newcomers stand behind {value.KnownItems} items, the model has {_model.Items.Count}.",
                nameof(value));
    }

    /// <inheritdoc cref="Scorer.Boosts"/>
    public ImmutableArray<Boost> Boosts
    {
        get => _boosts;
        set => _boosts = Boost.Required(value);
    }

    /// <summary>
    /// People of a thread that pass the catalogue together at most: more read it less often, and leave less room in the caches for each.
    /// </summary>
    internal int MostTogether { get; init; } = 8;

    /// <summary>Finds the best items of everybody.</summary>
    /// <param name="people">Each once. All are checked before the first is answered.</param>
    /// <param name="threads">Cores to use, of the scheduler the caller runs on.</param>
    /// <param name="cancellation">Stops within some people's time; who was answered by then has their answer.</param>
    /// <exception cref="ArgumentException">What a <see cref="Scorer"/> would refuse.</exception>
    public void Personalised(ReadOnlySpan<BatchPerson> people, int threads, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        foreach (BatchPerson person in people)
            RequestCheck.RequireKnown(_model, person.Items, person.Confidences, person.Refused, person.Expected, person.Eligible,
                person.Excluded);
        int slots = SlotsFor(threads), together = Math.Clamp((people.Length + threads - 1) / threads, 1, slots);
        BatchPerson[] all = people.ToArray();
        ParallelOptions parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, (all.Length + together - 1) / together, parallel, chunk =>
        {
            if (!_idle.TryTake(out BatchWorker? worker)) worker = new BatchWorker(_model, _kernels);
            Span<BatchPerson> ofChunk = all.AsSpan(chunk * together, Math.Min(together, all.Length - chunk * together));
            worker.Answer(ofChunk, _newcomers, _boosts, cancellation);
            // Only here: what an exception left behind is not used again.
            _idle.Add(worker);
        });
    }

    // As many people as a thread has under way.
    private int SlotsFor(int threads) =>
        (int)Math.Clamp(BytesUnderWay / threads / (sizeof(float) * Math.Max(1L, _model.Items.Count)), 1, MostTogether);
}
