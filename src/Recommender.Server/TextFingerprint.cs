namespace Recommender.Server;

/// <summary>
/// A short number that tells texts apart and is the same in every process, as string.GetHashCode is not: FNV-1a over UTF-16 units with a final mix.
/// It keeps nothing secret.
/// </summary>
internal struct TextFingerprint()
{
    private const ulong Prime = 1099511628211;

    // No text has it: where one ends is told apart from what stands in it.
    private const ulong End = 0x1_0000;

    private ulong _hash = 14695981039346656037;

    public readonly uint Value
    {
        get
        {
            ulong mixed = (_hash ^ (_hash >> 32)) * 0x9E3779B97F4A7C15;
            return (uint)(mixed >> 32);
        }
    }

    public void Add(params ReadOnlySpan<string> texts)
    {
        foreach (string text in texts)
        {
            foreach (char unit in text) _hash = (_hash ^ unit) * Prime;
            _hash = (_hash ^ End) * Prime;
        }
    }
}
