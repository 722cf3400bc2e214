using System.Runtime.Intrinsics;
using Recommender.Scoring;

namespace Recommender.ColdStart;

/// <summary>
/// What 64 newcomers score at most: the lengths of their vector and a customer's, their popularity, and as much from their look-alikes as
/// if all of these were worth what the best is. Most are then below what was found, and neither their factors nor their look-alikes are
/// read.
/// </summary>
internal sealed class NewcomerBounds
{
    private const int Items = 64;

    // At least the lengths of the vectors and the sums of the shares, however either is added up in floats.
    private readonly float[] _norms = new float[Items], _popularities = new float[Items], _shares = new float[Items];

    /// <param name="before">What is taken over; null where there is nothing.</param>
    public NewcomerBounds(NewcomerBounds? before)
    {
        if (before is null) return;
        before._norms.CopyTo(_norms, 0);
        before._popularities.CopyTo(_popularities, 0);
        before._shares.CopyTo(_shares, 0);
    }

    public void Set(int at, Newcomer? newcomer, int stride)
    {
        (_norms[at], _popularities[at], _shares[at]) = newcomer is null
            ? default
            : (NormOf(newcomer.Vector, stride), newcomer.Popularity, SumOf(newcomer.Shares.AsSpan()));
    }

    /// <summary>Bit k where newcomer k's score may not be below a threshold.</summary>
    /// <param name="norm">At least the length of the customer's vector, with the slack of a product.</param>
    /// <param name="weight">Of popularity; 0 or more.</param>
    /// <param name="worth">At least what any known item is worth to those that look like it, and at least 0.</param>
    public ulong NotBelow(float norm, float weight, float worth, float threshold)
    {
        Vector256<float> norms = Vector256.Create(norm), weights = Vector256.Create(weight), worths = Vector256.Create(worth);
        ulong below = 0;
        for (int k = 0; k < Items; k += Vector256<float>.Count)
        {
            // In the order in which a score is added up, so that no rounding brings it above.
            Vector256<float> added = weights * Vector256.Create(_popularities, k) + worths * Vector256.Create(_shares, k);
            Vector256<float> bounds = norms * Vector256.Create(_norms, k) + added;
            below |= (ulong)Vector256.LessThan(bounds, Vector256.Create(threshold)).ExtractMostSignificantBits() << k;
        }
        return ~below;
    }

    /// <summary>The same of one of them, of which the product of the vectors is known.</summary>
    public float Of(int at, float product, float weight, float worth) => product + (weight * _popularities[at] + worth * _shares[at]);

    // In doubles, where no square of a float is lost.
    private static float NormOf(ReadOnlySpan<float> vector, int stride)
    {
        double squares = 0;
        foreach (float one in vector) squares += (double)one * one;
        return (float)(Math.Sqrt(squares) * (1 + FactorCodes.Slack(stride))) + FactorCodes.ShortestNorm;
    }

    // No bound where one is negative: it would turn around what is more.
    private static float SumOf(ReadOnlySpan<float> shares)
    {
        double sum = 0;
        foreach (float share in shares) sum += share >= 0 ? share : double.PositiveInfinity;
        return (float)(sum * (1 + FactorCodes.Slack(shares.Length)));
    }
}
