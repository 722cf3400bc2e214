using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Recommender.Scoring;

namespace Recommender.ColdStart;

/// <summary>
/// What 64 newcomers score besides the product of factors, and how long their vectors are: what is read of each for each customer, so it
/// lies together. Most are then known to score too little, and their factors are not read.
/// </summary>
internal sealed class NewcomerTerms
{
    private const int Items = 64, Together = 8;

    private readonly float[] _norms = new float[Items], _popularities = new float[Items];
    private readonly int[] _counts = new int[Items];

    // The first look-alikes of all items, then the second ones: eight items are added up together.
    private int[] _lookalikes = [];
    private float[] _shares = [];

    /// <param name="before">What is taken over; null where there is nothing.</param>
    public NewcomerTerms(NewcomerTerms? before)
    {
        if (before is null) return;
        before._norms.CopyTo(_norms, 0);
        before._popularities.CopyTo(_popularities, 0);
        before._counts.CopyTo(_counts, 0);
        (_lookalikes, _shares) = ([.. before._lookalikes], [.. before._shares]);
    }

    public float Popularity(int at) => _popularities[at];

    /// <summary>How many items one looks like.</summary>
    public int Count(int at) => _counts[at];

    public (int Item, float Share) Lookalike(int at, int k) => (_lookalikes[k * Items + at], _shares[k * Items + at]);

    public void Set(int at, Newcomer? newcomer, int stride)
    {
        (_norms[at], _popularities[at], _counts[at]) = newcomer is null
            ? default
            : (NormOf(newcomer.Vector, stride), newcomer.Popularity, newcomer.Lookalikes.Length);
        if (newcomer is null) return;
        if (newcomer.Lookalikes.Length * Items > _lookalikes.Length)
        {
            Array.Resize(ref _lookalikes, newcomer.Lookalikes.Length * Items);
            Array.Resize(ref _shares, newcomer.Lookalikes.Length * Items);
        }
        for (int k = 0; k < newcomer.Lookalikes.Length; k++)
            (_lookalikes[k * Items + at], _shares[k * Items + at]) = (newcomer.Lookalikes[k], newcomer.Shares[k]);
    }

    /// <summary>
    /// Works out what is added to the product of each open item, in the order of its look-alikes. Bit k of what is returned: the item's
    /// score may be a threshold or more, or is no number.
    /// </summary>
    /// <param name="open">Which items to look at: bit k is item k. What is added to others is left as it is or worked out, too.</param>
    /// <param name="norm">At least the length of the vector that the items' are multiplied with.</param>
    /// <param name="weight">Of popularities.</param>
    /// <param name="values">What each known item is worth to those that look like it.</param>
    /// <param name="added">64 places.</param>
    public unsafe ulong Reaching(ulong open, float threshold, float norm, float weight, float* values, float* added)
    {
        ulong reaching = 0;
        int rows = _lookalikes.Length / Items;
        fixed (float* norms = _norms, popularities = _popularities, shares = _shares)
        fixed (int* counts = _counts, lookalikes = _lookalikes)
        {
            for (ulong left = open; left != 0;)
            {
                int first = BitOperations.TrailingZeroCount(left) & -Together;
                left &= ~(0xFFUL << first);
                Vector256<float> sum = Vector256<float>.Zero;
                Vector256<int> count = Vector256.Load(counts + first);
                for (int k = 0; k < rows; k++)
                {
                    Vector256<float> worth = Gather(values, Vector256.Load(lookalikes + k * Items + first));
                    // Not in one step with the product: one alone is added up so, too.
                    Vector256<float> more = sum + Vector256.Load(shares + k * Items + first) * worth;
                    sum = Vector256.ConditionalSelect(Vector256.GreaterThan(count, Vector256.Create(k)).AsSingle(), more, sum);
                }
                Vector256<float> all = Vector256.Create(weight) * Vector256.Load(popularities + first) + sum;
                all.Store(added + first);
                Vector256<float> bound = Vector256.Create(norm) * Vector256.Load(norms + first) + all;
                ulong below = Vector256.LessThan(bound, Vector256.Create(threshold)).ExtractMostSignificantBits();
                reaching |= (below ^ 0xFF) << first;
            }
        }
        return reaching & open;
    }

    /// <summary>At least the length of the vector, however it is added up in floats.</summary>
    public float Norm(int at) => _norms[at];

    private static unsafe Vector256<float> Gather(float* values, Vector256<int> at) => Avx2.IsSupported
        ? Avx2.GatherVector256(values, at, sizeof(float))
        : Vector256.Create(
            values[at[0]], values[at[1]], values[at[2]], values[at[3]], values[at[4]], values[at[5]], values[at[6]], values[at[7]]);

    // In doubles, where no square of a float is lost.
    private static float NormOf(ReadOnlySpan<float> vector, int stride)
    {
        double squares = 0;
        foreach (float one in vector) squares += (double)one * one;
        return (float)(Math.Sqrt(squares) * (1 + FactorCodes.Slack(stride))) + FactorCodes.ShortestNorm;
    }
}
