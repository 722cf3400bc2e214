namespace Recommender.Catalogue;

/// <summary>Conditions joined by and or or, by Kleene's rules: what one operand decides, no other is asked about.</summary>
internal sealed class LogicalJudge : Judge
{
    private readonly bool _or;
    private readonly Judge[] _operands;

    public LogicalJudge(bool or, IEnumerable<Judge> operands) => (_or, _operands) = (or, [.. operands.OrderBy(operand => operand.LooksAtItems)]);

    public override bool LooksAtItems => _operands[^1].LooksAtItems;

    public override void Decide(int first, ReadOnlySpan<ulong> asked, Span<ulong> isTrue, Span<ulong> isMissing)
    {
        Span<ulong> open = stackalloc ulong[asked.Length], missing = stackalloc ulong[asked.Length];
        asked.CopyTo(open);
        isMissing.Clear();
        foreach (Judge operand in _operands)
        {
            if (!open.ContainsAnyExcept(0ul)) break;
            operand.Decide(first, open, isTrue, missing);
            for (int w = 0; w < open.Length; w++)
            {
                // One that is true decides an or, one that is false an and.
                open[w] &= _or ? ~isTrue[w] : isTrue[w] | missing[w];
                isMissing[w] = (isMissing[w] | missing[w]) & open[w];
            }
        }
        for (int w = 0; w < open.Length; w++) isTrue[w] = _or ? asked[w] & ~open[w] : open[w] & ~isMissing[w];
    }
}
