namespace Recommender.Evaluation;

/// <summary>Random whole numbers from a seed, the same on every machine and runtime (Steele, Lea, Flood 2014).</summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>One of a sequence of generators whose draws have nothing to do with each other.</summary>
    public static SplitMix64 Of(ulong seed, int number)
    {
        var mixer = new SplitMix64(seed);
        return new SplitMix64(mixer.Next() + (ulong)number * 0xD1342543DE82EF95);
    }

    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="below"/> - 1. What the product favours some numbers by is below 2^-32.</summary>
    public int Below(int below) => (int)Math.BigMul(Next(), (ulong)below, out _);

    /// <summary>Fisher, Yates.</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (int k = values.Length - 1; k > 0; k--)
        {
            int other = Below(k + 1);
            (values[k], values[other]) = (values[other], values[k]);
        }
    }
}
