using System.Numerics;
using Recommender.Expressions;

namespace Recommender.Catalogue;

/// <summary>
/// Asks a condition on several attributes of one item after the other: of what their columns have, or where one has none or the id is asked for, of
/// the item as it is.
/// </summary>
internal sealed class ItemJudge : Judge
{
    private readonly Shelves _shelves;
    private readonly Func<Item, Value> _condition;
    private readonly Column[] _columns;
    private readonly Probe? _probe;

    /// <param name="columns">Of everything that the condition reads, by name; null in it where there is none.</param>
    public ItemJudge(Shelves shelves, Code condition, IReadOnlyDictionary<string, Column?> columns)
    {
        (_shelves, _condition) = (shelves, condition.Run);
        _columns = [.. columns.Values.OfType<Column>()];
        if (_columns.Length == columns.Count) _probe = new Probe([.. columns.Keys]);
    }

    public override bool LooksAtItems => true;

    public override void Decide(int first, ReadOnlySpan<ulong> asked, Span<ulong> isTrue, Span<ulong> isMissing)
    {
        isTrue.Clear();
        isMissing.Clear();
        for (int w = 0; w < asked.Length; w++)
        {
            for (ulong left = asked[w]; left != 0; left &= left - 1)
            {
                Verdict verdict = VerdictOf(64 * (first + w) + BitOperations.TrailingZeroCount(left));
                ulong bit = left & (~left + 1);
                if (verdict == Verdict.True) isTrue[w] |= bit;
                else if (verdict == Verdict.Missing) isMissing[w] |= bit;
            }
        }
    }

    private Verdict VerdictOf(int number)
    {
        if (_probe is null) return _shelves[number] is { } item ? VerdictOf(_condition(item)) : Verdict.False;
        for (int k = 0; k < _columns.Length; k++) _probe[k] = _columns[k][number];
        return VerdictOf(_condition(_probe.Asked));
    }
}
