namespace Recommender.Cli.Importing;

/// <summary>The end of an error about a name nobody knows.</summary>
internal static class Hint
{
    /// <summary>" (did you mean "x"?)", or nothing where no name is near.</summary>
    public static string DidYouMean(string name, IEnumerable<string> known) =>
        NearestName.Of(name, known) is { } nearest ? $" (did you mean \"{nearest}\"?)" : "";
}
