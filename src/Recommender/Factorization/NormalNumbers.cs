namespace Recommender.Factorization;

/// <summary>
/// Standard normal numbers from a seed, the same on every machine and runtime: SplitMix64 (Steele, Lea, Flood 2014) through the
/// polar method (Marsaglia, Bray 1964).
/// </summary>
internal sealed class NormalNumbers(ulong seed)
{
    private ulong _state = seed;
    private double? _spare;

    public double Next()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }
        while (true)
        {
            double u = Uniform(), v = Uniform(), square = u * u + v * v;
            if (square is >= 1 or 0) continue;
            double scale = Math.Sqrt(-2 * Math.Log(square) / square);
            _spare = v * scale;
            return u * scale;
        }
    }

    // -1 to 1.
    private double Uniform()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (long)(z ^ (z >> 31)) * (1.0 / (1UL << 63));
    }
}
