using System.Collections.Immutable;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Similarity;

namespace Recommender.Tuning;

/// <summary>
/// The parts of models of one training set, fitted once and kept: recipes that share a part share its fit, and a blend costs none. Keeps
/// the few that were used last. One caller at a time.
/// </summary>
internal sealed class PartFits(TrainingSet set, TrainingConditions conditions)
{
    private const int MostFactors = 3;
    private const int MostNeighbours = 8;

    private readonly Kept<FactorizationOptions, TrainedFactors> _factors = new() { Capacity = MostFactors };
    private readonly Kept<SimilarityOptions, ItemNeighbours> _neighbours = new() { Capacity = MostNeighbours };
    private readonly Dictionary<SimilarityOptions, double> _neighbourCpu = [];
    private readonly Dictionary<Type, double> _neighbourWall = [];
    private (double Work, double Seconds) _largest;

    public TrainingSet Set => set;

    /// <summary>A model of the set by a recipe.</summary>
    /// <exception cref="TrainingTooLargeException">It would not fit into memory; the message says what takes most.</exception>
    public TrainedModel Model(Recipe recipe, CancellationToken cancellation)
    {
        SizeEstimate size = SizeEstimate.Of(set, recipe, conditions.Threads);
        size.RequireTrainingFits(conditions.AvailableBytes);
        // What is kept takes no more than half of the memory.
        int room = (int)Math.Min(MostNeighbours, conditions.AvailableBytes / (2 * Math.Max(1, size.TrainingBytes)));
        (_factors.Capacity, _neighbours.Capacity) = (Math.Clamp(room, 1, MostFactors), Math.Max(room, recipe.Similarities.Length));
        ImmutableArray<ItemNeighbours> neighbours = [.. recipe.Similarities.Select(part => Neighbours(part, cancellation))];
        return Training.Assemble(set, recipe with { Confidence = set.Confidence }, conditions, Factors(recipe.Factorization, cancellation), neighbours);
    }

    /// <summary>CPU seconds of a training by a recipe, from what its parts cost so far; null where one was never fitted.</summary>
    public double? TrainCpuSeconds(Recipe recipe)
    {
        if (_largest.Work == 0) return null;
        double seconds = _largest.Seconds * TrainingWork.Of(set.Matrix, recipe.Factorization) / _largest.Work;
        foreach (SimilarityOptions part in recipe.Similarities)
        {
            if (!_neighbourCpu.TryGetValue(Fitted(part), out double cost)) return null;
            seconds += cost;
        }
        return seconds;
    }

    /// <summary>Wall-clock seconds that the item-item parts took so far.</summary>
    public double WallSeconds { get; private set; }

    /// <summary>Wall-clock seconds that fitting a recipe's item-item parts will about take: those that are not kept, as the last ones of their kinds.</summary>
    public double ForecastNeighbours(Recipe recipe) =>
        recipe.Similarities.Where(part => !_neighbours.Has(Fitted(part))).Sum(part => _neighbourWall.GetValueOrDefault(part.GetType()));

    private TrainedFactors Factors(FactorizationOptions options, CancellationToken cancellation) => _factors.GetOrAdd(options, () =>
    {
        double before = CpuSeconds;
        TrainedFactors fitted = Finite(options, cancellation);
        double work = TrainingWork.Of(set.Matrix, options);
        // Small fits run in the caches and say little of large ones.
        if (work >= _largest.Work) _largest = (work, CpuSeconds - before);
        return fitted;
    });

    private TrainedFactors Finite(FactorizationOptions options, CancellationToken cancellation)
    {
        try { return Training.FitFactors(set.Matrix, options, conditions, cancellation); }
        catch (DivergenceException diverged)
        {
            throw new TrainingException("the factors went beyond all bounds: 'factorization' and the data's confidences are out of proportion", diverged);
        }
    }

    private ItemNeighbours Neighbours(SimilarityOptions part, CancellationToken cancellation) => _neighbours.GetOrAdd(Fitted(part), () =>
    {
        double before = CpuSeconds;
        long started = conditions.Clock.GetTimestamp();
        ItemNeighbours fitted = part.Fit(set.Matrix, conditions.Threads, fitted: null, cancellation);
        (_neighbourCpu[Fitted(part)], _neighbourWall[part.GetType()]) = (CpuSeconds - before, conditions.Clock.GetElapsedTime(started).TotalSeconds);
        WallSeconds += _neighbourWall[part.GetType()];
        return fitted;
    });

    // How much a part counts is the blend's business.
    private static SimilarityOptions Fitted(SimilarityOptions part) => part with { Weight = 1, FadesAt = 0, GrowsAt = 0 };

    public static double CpuSeconds => Environment.CpuUsage.TotalTime.TotalSeconds;

    private sealed class Kept<TKey, TValue> where TKey : notnull
    {
        private readonly List<(TKey Key, TValue Value)> _latestFirst = [];

        public required int Capacity { get; set; }

        public bool Has(TKey key) => _latestFirst.Exists(kept => EqualityComparer<TKey>.Default.Equals(kept.Key, key));

        public TValue GetOrAdd(TKey key, Func<TValue> fit)
        {
            int at = _latestFirst.FindIndex(kept => EqualityComparer<TKey>.Default.Equals(kept.Key, key));
            TValue value;
            if (at >= 0)
            {
                value = _latestFirst[at].Value;
                _latestFirst.RemoveAt(at);
            }
            else
            {
                // Room first: what is let go of makes place for what comes.
                if (_latestFirst.Count >= Capacity) _latestFirst.RemoveRange(Capacity - 1, _latestFirst.Count - Capacity + 1);
                value = fit();
            }
            _latestFirst.Insert(0, (key, value));
            return value;
        }
    }
}
