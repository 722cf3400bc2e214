namespace Recommender.Interop.Tests.Harness;

/// <summary>What the runtime under test is known not to do. The project file chooses the list, or none, with the runtime.</summary>
internal static class KnownGap
{
    public const string DecompressedSizeLimit = "decompressed-size-limit";
    public const string EmptyGzip = "empty-gzip";
    public const string CutOffGzip = "cut-off-gzip";

    private static readonly Dictionary<string, string> _reasons = Read();

    public static bool Has(string gap) => _reasons.ContainsKey(gap);

    public static void Skip(string gap)
    {
        if (_reasons.TryGetValue(gap, out string? reason))
            Assert.Skip(reason);
    }

    private static Dictionary<string, string> Read()
    {
        using var list = typeof(KnownGap).Assembly.GetManifestResourceStream("known-gaps");
        if (list is null)
            return [];
        using var reader = new StreamReader(list);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2)).ToDictionary(parts => parts[0], parts => parts[1]);
    }
}
