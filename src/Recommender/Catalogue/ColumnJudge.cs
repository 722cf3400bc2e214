using System.Numerics;
using System.Runtime.Intrinsics;

namespace Recommender.Catalogue;

/// <summary>A condition on one attribute: the verdict on each item's value, 64 of them a step.</summary>
/// <param name="codes">The number of each item's value; writers may change it meanwhile.</param>
/// <param name="verdicts">By value. The last one is for numbers above: those items are judged again by who reads beside writers.</param>
internal sealed class ColumnJudge(Codes codes, Verdict[] verdicts) : Judge
{
    // Below this it is quicker to look at the items that are asked for than at 64.
    private const int Few = 16;

    public override void Decide(int first, ReadOnlySpan<ulong> asked, Span<ulong> isTrue, Span<ulong> isMissing)
    {
        Span<byte> together = stackalloc byte[64];
        for (int w = 0; w < asked.Length; w++)
        {
            ulong open = asked[w];
            if (BitOperations.PopCount(open) <= Few)
            {
                ulong yes = 0, missing = 0;
                for (; open != 0; open &= open - 1)
                {
                    int at = BitOperations.TrailingZeroCount(open);
                    Verdict verdict = verdicts[Math.Min(codes[64 * (first + w) + at], verdicts.Length - 1)];
                    yes |= (ulong)((int)verdict >> 7) << at;
                    missing |= (ulong)((int)verdict >> 6 & 1) << at;
                }
                (isTrue[w], isMissing[w]) = (yes, missing);
                continue;
            }
            codes.LookUp(first + w, verdicts, together);
            Vector512<byte> all = Vector512.Create<byte>(together);
            isTrue[w] = all.ExtractMostSignificantBits() & open;
            isMissing[w] = (all + all).ExtractMostSignificantBits() & open;
        }
    }
}
