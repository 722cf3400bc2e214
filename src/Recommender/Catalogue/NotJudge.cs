namespace Recommender.Catalogue;

/// <summary>Turns a condition round; what is missing stays so.</summary>
internal sealed class NotJudge(Judge operand) : Judge
{
    public override bool LooksAtItems => operand.LooksAtItems;

    public override void Decide(int first, ReadOnlySpan<ulong> asked, Span<ulong> isTrue, Span<ulong> isMissing)
    {
        operand.Decide(first, asked, isTrue, isMissing);
        for (int w = 0; w < asked.Length; w++) isTrue[w] = asked[w] & ~isTrue[w] & ~isMissing[w];
    }
}
