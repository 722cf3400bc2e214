using System.Collections.Immutable;
using Recommender.Ranking;
using Recommender.Scoring;

namespace Recommender.Server.Serving;

/// <summary>
/// Fills a list of wanted length: first by what the strategy asks for, and what is missing by what sells best. Every item says where it
/// came from. The mask and the exclusions hold for every source.
/// </summary>
internal sealed class RankedList(Moment now, Scorer scorer, Evidence evidence, ItemMask eligible)
{
    private const int MostReasons = 8;

    private readonly List<(ScoredItem Scored, string Source)> _items = [];
    private ImmutableArray<ServedReason> _similarReasons = [];

    /// <summary>What the first items were made from.</summary>
    public string ServedBy { get; private set; } = Source.Popular;

    /// <summary>The items from rank <paramref name="skip"/> on, at most <paramref name="count"/>; <paramref name="more"/> tells whether others follow.</summary>
    public ImmutableArray<ServedItem> Fill(Strategy strategy, ReadOnlySpan<int> context, int skip, int count, out bool more)
    {
        int wanted = skip + count + 1;
        var top = new ScoredItem[wanted];
        if (strategy == Strategy.Similar && context.Length > 0) AddSimilar(context, top);
        if (strategy != Strategy.Popular && _items.Count == 0 && !evidence.IsEmpty) AddPersonalised(top);
        if (_items.Count < wanted) AddPopular(top);
        more = _items.Count >= wanted;
        return [.. _items.Skip(skip).Take(count).Select(one =>
            new ServedItem(now.IdOf(one.Scored.Item), one.Scored.Score, one.Source, ReasonsOf(one.Scored.Item, one.Source)))];
    }

    private void AddSimilar(ReadOnlySpan<int> context, ScoredItem[] top)
    {
        Add(top.AsSpan(0, scorer.Similar(context, eligible, evidence.Excluded, top)), Source.Similar);
        if (_items.Count > 0) ServedBy = Source.Similar;
        _similarReasons = [new ServedReason(Source.Similar, context.Length == 1 ? now.IdOf(context[0]) : "", 1)];
    }

    private void AddPersonalised(ScoredItem[] top)
    {
        ServedBy = evidence.HasHistory ? Source.Personalised : Source.Session;
        Add(top.AsSpan(0, scorer.Personalised(evidence.Items, evidence.Confidences, evidence.Refused, eligible, evidence.Excluded, top)), ServedBy);
    }

    private void AddPopular(ScoredItem[] top)
    {
        int[] excluded = [.. evidence.Excluded, .. _items.Select(one => one.Scored.Item)];
        Add(top.AsSpan(0, scorer.Popular(eligible, excluded, top.AsSpan(0, top.Length - _items.Count))), Source.Popular);
    }

    private void Add(ReadOnlySpan<ScoredItem> scored, string source)
    {
        foreach (var one in scored) _items.Add((one, source));
    }

    private ImmutableArray<ServedReason> ReasonsOf(int item, string source) => source switch
    {
        Source.Popular => [new ServedReason(Source.Popular, "", 1)],
        Source.Similar => _similarReasons,
        _ => PersonalReasons(item),
    };

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
            if (known == reasons.Count) reasons.Add(new ServedReason(kind, name, part.Share));
            else reasons[known] = reasons[known] with { Share = reasons[known].Share + part.Share };
        }
        return evidence.HasMeant ? [.. reasons.OrderByDescending(reason => reason.Share).Take(MostReasons)] : reasons.ToImmutable();
    }
}
