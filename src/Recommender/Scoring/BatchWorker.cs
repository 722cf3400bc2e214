using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Models;

namespace Recommender.Scoring;

/// <summary>One thread's part of a batch: works out some people's scores one after the other, and scans for all of them at once.</summary>
internal sealed class BatchWorker(TrainedModel model, VectorKernels kernels)
{
    private readonly PersonalScores _scores = new(model, kernels);
    private readonly FactorScan _scan = new(model.ItemFactors, kernels, model.Codes);
    private readonly List<PersonalParts> _parts = [];
    private readonly List<ScanQuery> _queries = [];

    public void Answer(ReadOnlySpan<BatchPerson> people, Newcomers newcomers, ImmutableArray<Boost> boosts, CancellationToken cancellation)
    {
        for (int k = 0; k < people.Length; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            Ask(k, people[k], newcomers, boosts);
        }
        _scan.OfferMany(CollectionsMarshal.AsSpan(_queries)[..people.Length]);
        for (int k = 0; k < people.Length; k++) Finish(k, people[k], boosts);
        GC.KeepAlive(this);
    }

    private void Ask(int at, BatchPerson person, Newcomers newcomers, ImmutableArray<Boost> boosts)
    {
        if (at == _parts.Count) AddSlot(person);
        _scores.Parts = _parts[at];
        _scores.Parts.Newcomers.Newcomers = newcomers;
        _scores.Of(person.Items, person.Confidences, person.Refused, person.Answered, person.Expected);
        ScanQuery query = _queries[at];
        if (query.Excluded.Length < newcomers.Length) query.Excluded = new ItemMask(newcomers.Length * 2);
        foreach (int item in person.Excluded) if (item < query.Excluded.Length) query.Excluded.Set(item);
        (query.Eligible, query.Top, query.Found, query.Boosts) = (person.Eligible, person.Top, 0, boosts);
    }

    private void Finish(int at, BatchPerson person, ImmutableArray<Boost> boosts)
    {
        ScanQuery query = _queries[at];
        var heap = new TopHeap(query.Top, query.Found);
        _parts[at].Newcomers.Offer(query.Vector, query.Eligible, query.Excluded, boosts.AsSpan(), ref heap);
        person.Found = heap.Finish();
        foreach (int item in person.Excluded) if (item < query.Excluded.Length) query.Excluded.Clear(item);
    }

    private void AddSlot(BatchPerson first)
    {
        // The worker's own parts serve the first.
        PersonalParts parts = _parts.Count == 0 ? _scores.Parts : new PersonalParts(model, kernels);
        _parts.Add(parts);
        _queries.Add(new ScanQuery
        {
            Vector = parts.Vector,
            Added = parts.Added,
            Eligible = first.Eligible,
            Excluded = new ItemMask(model.Items.Count),
            Top = first.Top,
        });
    }
}
