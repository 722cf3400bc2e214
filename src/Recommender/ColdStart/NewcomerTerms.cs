using Recommender.Scoring;

namespace Recommender.ColdStart;

/// <summary>
/// What 64 newcomers score besides the product of factors, and how long their vectors are: what is read of each for each customer, so it
/// lies together. Most are then known to score too little, and their factors are not read.
/// </summary>
internal sealed class NewcomerTerms
{
    private const int Items = 64;

    private readonly float[] _norms = new float[Items], _popularities = new float[Items];
    private readonly int[] _counts = new int[Items];

    // A row an item, as long as the longest.
    private int _width;
    private int[] _lookalikes = [];
    private float[] _shares = [];

    /// <param name="before">What is taken over; null where there is nothing.</param>
    public NewcomerTerms(NewcomerTerms? before)
    {
        if (before is null) return;
        before._norms.CopyTo(_norms, 0);
        before._popularities.CopyTo(_popularities, 0);
        before._counts.CopyTo(_counts, 0);
        (_width, _lookalikes, _shares) = (before._width, [.. before._lookalikes], [.. before._shares]);
    }

    /// <summary>At least the length of the vector, however it is added up in floats.</summary>
    public float Norm(int at) => _norms[at];

    public float Popularity(int at) => _popularities[at];

    public ReadOnlySpan<int> Lookalikes(int at) => _lookalikes.AsSpan(at * _width, _counts[at]);

    public ReadOnlySpan<float> Shares(int at) => _shares.AsSpan(at * _width, _counts[at]);

    public void Set(int at, Newcomer? newcomer, int stride)
    {
        (_norms[at], _popularities[at], _counts[at]) = newcomer is null
            ? default
            : (NormOf(newcomer.Vector, stride), newcomer.Popularity, newcomer.Lookalikes.Length);
        if (newcomer is null) return;
        if (newcomer.Lookalikes.Length > _width) Widen(newcomer.Lookalikes.Length);
        newcomer.Lookalikes.CopyTo(0, _lookalikes, at * _width, newcomer.Lookalikes.Length);
        newcomer.Shares.CopyTo(0, _shares, at * _width, newcomer.Lookalikes.Length);
    }

    private void Widen(int width)
    {
        var (lookalikes, shares) = (new int[Items * width], new float[Items * width]);
        for (int at = 0; at < Items; at++)
        {
            _lookalikes.AsSpan(at * _width, _width).CopyTo(lookalikes.AsSpan(at * width));
            _shares.AsSpan(at * _width, _width).CopyTo(shares.AsSpan(at * width));
        }
        (_width, _lookalikes, _shares) = (width, lookalikes, shares);
    }

    // In doubles, where no square of a float is lost.
    private static float NormOf(ReadOnlySpan<float> vector, int stride)
    {
        double squares = 0;
        foreach (float one in vector) squares += (double)one * one;
        return (float)(Math.Sqrt(squares) * (1 + FactorCodes.Slack(stride))) + FactorCodes.ShortestNorm;
    }
}
