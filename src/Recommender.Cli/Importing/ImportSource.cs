namespace Recommender.Cli.Importing;

/// <summary>A kind of source that <c>recommender import</c> reads.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Description">One line for the help text.</param>
/// <param name="Files">What a folder of this source holds. One expected file: the path may name the file itself.</param>
/// <param name="Read">Turns the files into records: items and customers before the events that speak of them.</param>
internal sealed record ImportSource(string Name, string Description, IReadOnlyList<ExpectedFile> Files,
    Func<SourceFiles, ImportOptions, IEnumerable<ImportRecord>> Read)
{
    public static readonly IReadOnlyList<ImportSource> All =
    [
        GoodbooksSource.Source,
        OnlineRetailSource.Source,
        CompleteJourneySource.Source,
        MovieLensSource.Source,
        LightGcnSource.Source,
        LightGcnSource.Pairs,
        CsvSource.Source,
        GorseSource.Source,
    ];

    /// <exception cref="ImportException">There is no source of this name.</exception>
    public static ImportSource Named(string name) => All.FirstOrDefault(source => source.Name == name) ?? throw new ImportException(
        $"there is no source \"{name}\"{NearestName.Hint(name, All.Select(source => source.Name))}; "
        + $"the sources are {string.Join(", ", All.Select(source => source.Name))}");
}
