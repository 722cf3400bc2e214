namespace Recommender.Catalogue;

/// <summary>One condition where another is true and a third where it is false.</summary>
internal sealed class ChoiceJudge(Judge condition, Judge then, Judge otherwise) : Judge
{
    public override bool LooksAtItems => condition.LooksAtItems || then.LooksAtItems || otherwise.LooksAtItems;

    public override void Decide(int first, ReadOnlySpan<ulong> asked, Span<ulong> isTrue, Span<ulong> isMissing)
    {
        Span<ulong> chosen = stackalloc ulong[asked.Length], rest = stackalloc ulong[asked.Length], missing = stackalloc ulong[asked.Length];
        condition.Decide(first, asked, chosen, isMissing);
        for (int w = 0; w < asked.Length; w++) rest[w] = asked[w] & ~chosen[w] & ~isMissing[w];
        then.Decide(first, chosen, isTrue, missing);
        for (int w = 0; w < asked.Length; w++) isMissing[w] |= missing[w];
        otherwise.Decide(first, rest, chosen, missing);
        for (int w = 0; w < asked.Length; w++)
        {
            isTrue[w] |= chosen[w];
            isMissing[w] |= missing[w];
        }
    }
}
