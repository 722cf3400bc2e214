using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Recommender.Ranking;
using Recommender.Scoring;

namespace Recommender.Server.Serving;

/// <summary>
/// Fills a list of wanted length: first by what the strategy asks for, and what is missing by what sells best. Every item says where it
/// came from. The mask and the exclusions hold for every source.
/// </summary>
internal sealed class RankedList(Moment now, Scorer scorer, Evidence evidence, ItemMask eligible, AppliedBoosts boosts, Situation situation, bool withReasons)
{
    private const int MostReasons = 8;
    private const int ExploredAmong = 100;

    private readonly List<(ScoredItem Scored, string Source)> _items = [];
    private readonly Dictionary<int, ServedReason> _headReasons = [];
    private readonly List<int> _taken = [.. evidence.Excluded];
    private ImmutableArray<ServedReason> _similarReasons = [];

    /// <summary>The person's best items where they were ranked together with others'; null where it is yet to be done.</summary>
    public ReadOnlyMemory<ScoredItem>? Ranked { get; init; }

    /// <summary>What the first items were made from.</summary>
    public string ServedBy { get; private set; } = Source.Popular;

    /// <summary>
    /// The items from rank <paramref name="skip"/> on, at most <paramref name="count"/>; <paramref name="more"/>
    /// tells whether others follow.
    /// </summary>
    public ImmutableArray<ServedItem> Fill(Strategy strategy, ReadOnlySpan<int> context, int skip, int count, out bool more)
    {
        int wanted = skip + count + 1;
        _items.EnsureCapacity(wanted);
        var top = new ScoredItem[wanted];
        // Half of what is asked for at most: a list of nothing but reminders brings nobody back.
        AddHead((count + 1) / 2);
        int head = _items.Count;
        if (strategy == Strategy.Similar && context.Length > 0) AddSimilar(context, top);
        if (strategy != Strategy.Popular && _items.Count == head && !evidence.IsEmpty) AddPersonalised(top);
        if (_items.Count < wanted) AddPopular(top);
        more = _items.Count >= wanted;
        var served = new ServedItem[Math.Clamp(_items.Count - skip, 0, count)];
        for (int i = 0; i < served.Length; i++)
        {
            var (scored, source) = _items[skip + i];
            served[i] = new ServedItem(now.IdOf(scored.Item), scored.Score, source, ReasonsOf(scored.Item, source));
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(served);
    }

    /// <summary>What brings the person back: under the same filters as everything, but whether they have dealt with it before does not matter.</summary>
    private void AddHead(int most)
    {
        foreach (var item in situation.Head)
        {
            if (_items.Count == most) return;
            if (now.Shelves.TryGetNumber(item.ItemId, out int number) && number < eligible.Length && eligible[number] && !evidence.IsUnwanted(item.ItemId))
                AddToHead(number, item.Source, item.Why);
        }
        if (situation.NewSince is not { } since) return;
        foreach (int number in NewItems(since, most - _items.Count)) AddToHead(number, Source.New, "new since your last visit");
    }

    /// <summary>New items that fit best first, then those of which nothing is known, newest first.</summary>
    private IEnumerable<int> NewItems(DateTimeOffset since, int most)
    {
        var fresh = new ItemMask(eligible.Length);
        var unlearned = new List<int>();
        for (int item = 0; item < eligible.Length; item++)
        {
            if (!eligible[item] || !(now.Shelves[item]?.AddedAt > since) || _headReasons.ContainsKey(item) || evidence.IsUnwanted(now.IdOf(item))) continue;
            if (evidence.IsEmpty ? now.Learned(item) : now.Ranked(item)) fresh.Set(item);
            else unlearned.Add(item);
        }
        if (most <= 0) return [];
        var best = new ScoredItem[most];
        int found = !evidence.IsEmpty
            ? scorer.Personalised(evidence.Items, evidence.Confidences, evidence.Refused, answered: true, evidence.Due, fresh, evidence.Excluded, best)
            : scorer.Popular(fresh, evidence.Excluded, best);
        return [.. best.Take(found).Select(one => one.Item),
            .. unlearned.OrderByDescending(item => now.Shelves[item]!.AddedAt).ThenBy(item => item).Take(most - found)];
    }

    private void AddToHead(int number, string source, string why)
    {
        _items.Add((new ScoredItem(number, 0), source));
        _headReasons[number] = new ServedReason(source, now.IdOf(number), 1) { Text = why };
        if (now.Ranked(number)) _taken.Add(number);
    }

    private void AddSimilar(ReadOnlySpan<int> context, ScoredItem[] top)
    {
        Add(top.AsSpan(0, scorer.Similar(context, eligible, Taken, top)), Source.Similar);
        if (_items.Any(one => one.Source == Source.Similar)) ServedBy = Source.Similar;
        _similarReasons = [new ServedReason(Source.Similar, context.Length == 1 ? now.IdOf(context[0]) : "", 1)];
    }

    private void AddPersonalised(ScoredItem[] top)
    {
        ServedBy = evidence.HasHistory ? Source.Personalised : Source.Session;
        if (Ranked is { } ranked)
        {
            Add(ranked.Span, ServedBy);
            return;
        }
        if (situation.Explore > 0)
        {
            Add(Explored(top.Length), ServedBy);
            return;
        }
        int found = scorer.Personalised(evidence.Items, evidence.Confidences, evidence.Refused, answered: true, evidence.Due, eligible, Taken, top);
        Add(top.AsSpan(0, found), ServedBy);
    }

    /// <summary>
    /// Weighs what surely fits against what would teach something, as bandits do (Auer 2002), among the items that fit best. Both count from
    /// 0 to 1 over these, so that a scenario's number means the same in every shop. What follows them stays by score, and pages fit together.
    /// </summary>
    private ScoredItem[] Explored(int wanted)
    {
        var best = new ScoredItem[Math.Max(wanted, ExploredAmong)];
        int found = scorer.Personalised(evidence.Items, evidence.Confidences, evidence.Refused, answered: true, evidence.Due, eligible, Taken, best);
        var among = best.AsSpan(0, Math.Min(found, ExploredAmong));
        if (among.Length < 2) return best[..Math.Min(found, wanted)];
        var keys = new double[among.Length];
        float widest = 0, range = among[0].Score - among[^1].Score;
        foreach (var one in among) widest = Math.Max(widest, scorer.Uncertainty(one.Item));
        if (widest == 0 || range == 0) return best[..Math.Min(found, wanted)];
        for (int k = 0; k < keys.Length; k++)
            keys[k] = -((1 - situation.Explore) * (among[k].Score - among[^1].Score) / range + situation.Explore * scorer.Uncertainty(among[k].Item) / widest);
        keys.AsSpan().Sort(among);
        return best[..Math.Min(found, wanted)];
    }

    private void AddPopular(ScoredItem[] top)
    {
        int[] excluded = [.. _taken, .. _items.Select(one => one.Scored.Item).Where(now.Learned)];
        Add(top.AsSpan(0, scorer.Popular(eligible, excluded, top.AsSpan(0, top.Length - _items.Count))), Source.Popular);
    }

    private ReadOnlySpan<int> Taken => CollectionsMarshal.AsSpan(_taken);

    private void Add(ReadOnlySpan<ScoredItem> scored, string source)
    {
        foreach (var one in scored) _items.Add((one, source));
    }

    private ImmutableArray<ServedReason> ReasonsOf(int item, string source)
    {
        if (!withReasons) return [];
        var reasons = TermsOf(item, source);
        // What comes first does not come by its score.
        return boosts.Scores.IsEmpty || _headReasons.ContainsKey(item) ? reasons : [.. reasons, .. boosts.ReasonsFor(item)];
    }

    private ImmutableArray<ServedReason> TermsOf(int item, string source) => source switch
    {
        Source.Popular => [new ServedReason(Source.Popular, "", 1)],
        Source.Similar => _similarReasons,
        Source.Cart or Source.Replenish or Source.New => [_headReasons[item]],
        _ => PersonalReasons(item),
    };

    /// <summary>What a newcomer has in common with an item of the history; empty where it is the history alone that speaks.</summary>
    private string SharedWith(string name, int item)
    {
        if (now.Learned(item) || now.Live.Model is not { Placement: { } placement } model || now.Shelves[item] is not { } newcomer) return "";
        if (!model.Items.TryGetNumber(name, out int known) || placement.SharedWith(newcomer, known) is not var (attribute, value)) return "";
        return $"because of {value} ({attribute}), as in {now.Shelves.Find(name)?.Title ?? name}";
    }

    /// <summary>The exact parts of the last personalised score, largest first. What speaks through several items is told once.</summary>
    private ImmutableArray<ServedReason> PersonalReasons(int item)
    {
        Span<Reason> parts = evidence.HasMeant ? new Reason[evidence.Items.Length + evidence.Refused.Length + 1] : stackalloc Reason[MostReasons];
        int found = scorer.Reasons(item, parts);
        var reasons = ImmutableArray.CreateBuilder<ServedReason>(found);
        foreach (var part in parts[..found])
        {
            if (part.Share <= 0) continue;
            var (kind, name) = part.HistoryIndex < 0 ? (Source.Popular, "") : (evidence.KindOf(part.HistoryIndex), evidence.NameOf(part.HistoryIndex));
            int known = 0;
            while (known < reasons.Count && (reasons[known].ItemId != name || reasons[known].Kind != kind)) known++;
            if (known == reasons.Count) reasons.Add(new ServedReason(kind, name, part.Share) { Text = SharedWith(name, item) });
            else reasons[known] = reasons[known] with { Share = reasons[known].Share + part.Share };
        }
        return evidence.HasMeant ? [.. reasons.OrderByDescending(reason => reason.Share).Take(MostReasons)] : reasons.DrainToImmutable();
    }
}
