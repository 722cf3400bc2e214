namespace Recommender.Server.Profiles;

/// <summary>Ids by their UTF-8 bytes, as stores list them: like ordinal, but for what lies above the Basic Multilingual Plane.</summary>
internal sealed class IdOrder : IComparer<string>
{
    public static IdOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return string.CompareOrdinal(x, y);
        int same = x.AsSpan().CommonPrefixLength(y);
        if (same == x.Length || same == y.Length) return x.Length.CompareTo(y.Length);
        bool isSurrogate = char.IsSurrogate(x[same]);
        return isSurrogate == char.IsSurrogate(y[same]) ? x[same].CompareTo(y[same]) : isSurrogate ? 1 : -1;
    }
}
