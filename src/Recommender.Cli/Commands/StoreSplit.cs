using System.Runtime.CompilerServices;
using Recommender.Cli.Terminal;
using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Questionnaires;
using Recommender.Server;
using static System.FormattableString;

namespace Recommender.Cli.Commands;

/// <summary>Splits a shop's own events, read as training reads them: a customer's devices are one, and who was erased is left out.</summary>
/// <param name="shop">Open.</param>
/// <param name="semantics">How the models that are compared read events; the first decides what is to be found.</param>
/// <param name="share">The part that is held out.</param>
internal sealed class StoreSplit(Shop shop, IReadOnlyList<ConfidenceOptions> semantics, double share)
{
    private readonly Dictionary<string, DateTimeOffset> _firstSeen = new(StringComparer.Ordinal);
    private readonly ConfidenceOptions[] _ways = [.. semantics.Distinct()];

    /// <summary>A random part of everybody's items.</summary>
    public async Task<EvaluationSplit> AtRandomAsync(ulong seed, CancellationToken cancellation)
    {
        TrainingSet[] sets = await ReadAsync(cancellation);
        var holdOut = HoldOut.AtRandom(sets[0], share, seed, AnswerColumns.ItemsAmong(sets[0].Items));
        return Of(holdOut, sets, Invariant($"events of {shop.Location}, of each person a random {share:0.##%} of the items held out, seed {seed}"),
            _ => "it was trained before this hold-out was drawn and may have learned what it is asked for");
    }

    /// <summary>The pairs that no version learns.</summary>
    /// <exception cref="InputException">There are too few events for such pairs.</exception>
    public async Task<EvaluationSplit> StandingAsync(CancellationToken cancellation)
    {
        TrainingSet[] sets = await ReadAsync(cancellation);
        double standing = StandingHoldOut.ShareOf(sets[0].Matrix.Count);
        if (standing == 0) throw new InputException($"{sets[0].Matrix.Count} interactions are too few for a standing hold-out; use --split random");
        return Of(StandingHoldOut.Split(sets[0], standing), sets, Invariant($"events of {shop.Location}, the {standing:0.##%} of pairs that no version learns"),
            card => card.HeldOutShare >= standing ? null : Invariant($"it has learned {(card.HeldOutShare == 0 ? "all" : "some")} of what it is asked for"));
    }

    /// <summary>What was known at a cut is learned, what was chosen after it is to be found.</summary>
    public async Task<EvaluationSplit> ByTimeAsync(TimeSplitOptions options, CancellationToken cancellation)
    {
        var moments = new List<DateTimeOffset>();
        await foreach (var (_, happened, _) in EventsAsync(cancellation))
        {
            if (options.Types.Contains(happened.Type)) moments.Add(happened.OccurredAt);
        }
        if (moments.Count == 0) throw new InputException($"the shop has no events of type {string.Join(" or ", options.Types)}; name others with --chosen");
        var cut = TimeSplit.CutAt(moments, share);
        TimeSplit[] splits = [.. _ways.Select(way => new TimeSplit(way, cut, options))];
        long firstAfter = long.MaxValue;
        await foreach (var (position, happened, owner) in EventsAsync(cancellation))
        {
            foreach (var split in splits) split.Add(happened, owner);
            if (happened.OccurredAt >= cut) firstAfter = Math.Min(firstAfter, position);
            else Remember(happened);
        }
        HoldOut[] holdOuts = [.. splits.Select(split => split.Build())];
        return Of(holdOuts[0], [.. holdOuts.Select(one => one.Train)],
            Invariant($"events of {shop.Location}, learned before {cut.UtcDateTime:yyyy-MM-dd HH:mm}Z, to be found what was chosen from then on ({string.Join(", ", options.Types)})"),
            card => card.EventsUpTo < firstAfter ? null : "it was trained on events after the cut and may have learned what it is asked for") with
        {
            HistoryMayReturn = options.RepeatsCount,
        };
    }

    private EvaluationSplit Of(HoldOut holdOut, IReadOnlyList<TrainingSet> sets, string origin, Func<ModelCard, string?> seenBy)
    {
        // Each read once, in the numbers of the first, on which everybody is measured.
        var bySemantics = _ways.Zip(sets, (way, set) => (way, Read: way.Equals(_ways[0]) ? holdOut.Train : holdOut.Read(set)))
            .ToDictionary(pair => pair.way, pair => pair.Read);
        var items = holdOut.Train.Items;
        return new EvaluationSplit(holdOut, origin)
        {
            TrainFor = way => bySemantics[way],
            Candidates = AnswerColumns.ItemsAmong(holdOut.Train.Items),
            ItemBands = ItemBands.ByAge([.. Enumerable.Range(0, items.Count).Select(item => _firstSeen.TryGetValue(items[item], out var seen) ? seen : (DateTimeOffset?)null)]),
            SeenBy = card => card.Origin is { } origin ? $"it was not trained here ({origin}), so nobody knows what it has learned" : seenBy(card),
        };
    }

    private async Task<TrainingSet[]> ReadAsync(CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        var newest = await shop.Store.Events.NewestAsync(shop.Tenant, cancellation) ?? now;
        TrainingSetBuilder[] builders = [.. _ways.Select(way => new TrainingSetBuilder(way, newest < now ? newest : now))];
        await foreach (var (_, happened, owner) in EventsAsync(cancellation))
        {
            foreach (var builder in builders) builder.Add(happened, owner);
            Remember(happened);
        }
        TrainingSet[] sets = [.. builders.Select(builder => builder.Build())];
        return sets[0].Matrix.Count > 0 ? sets : throw new InputException($"{shop.Location} has no events that speak for an item; record or import some first");
    }

    private void Remember(ShopEvent happened)
    {
        if (happened.ItemId is { } item && (!_firstSeen.TryGetValue(item, out var seen) || happened.OccurredAt < seen)) _firstSeen[item] = happened.OccurredAt;
    }

    private async IAsyncEnumerable<(long Position, ShopEvent Event, Person Owner)> EventsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var gone = await shop.Erased.GoneNowAsync(cancellation);
        var identities = await shop.Identities.AllAsync(cancellation);
        await foreach (var stored in shop.Store.Events.ReadSinceAsync(shop.Tenant, 0, cancellation))
        {
            var owner = identities.OwnerOf(stored.Event.Person, stored.Event.OccurredAt);
            if (!gone(owner) && !gone(stored.Event.Person)) yield return (stored.Position, stored.Event, owner);
        }
    }
}
