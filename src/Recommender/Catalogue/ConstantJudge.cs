namespace Recommender.Catalogue;

/// <summary>The same for every item.</summary>
internal sealed class ConstantJudge(Verdict verdict) : Judge
{
    public override void Decide(int first, ReadOnlySpan<ulong> asked, Span<ulong> isTrue, Span<ulong> isMissing)
    {
        isTrue.Clear();
        isMissing.Clear();
        if (verdict == Verdict.True) asked.CopyTo(isTrue);
        if (verdict == Verdict.Missing) asked.CopyTo(isMissing);
    }
}
