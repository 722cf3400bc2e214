using Recommender.Interactions;

namespace Recommender.Cli.Importing;

/// <summary>
/// Ids only: who chose what. The events are likes unless the options say otherwise, at the options' time for what has none; a pair that
/// stands in the file twice is one event.
/// </summary>
internal static class LightGcnSource
{
    public static readonly ImportSource Source = new("lightgcn", "LightGCN adjacency: a line is `customer item item ...`",
        [new("train.txt", "a line a customer")], (files, options) => Read(files, options, "lightgcn", pairs: false));

    public static readonly ImportSource Pairs = new("pairs", "Pairs: a line is `customer item`, with a blank or TAB between",
        [new("interactions.tsv", "a line a pair")], (files, options) => Read(files, options, "pairs", pairs: true));

    private static IEnumerable<ImportRecord> Read(SourceFiles files, ImportOptions options, string source, bool pairs)
    {
        foreach (AdjacencyLine line in AdjacencyFile.Read(files, files.Single, pairs))
        {
            if (line.Rejection is { } rejection)
            {
                yield return rejection;
                continue;
            }
            foreach (string item in line.Items)
            {
                yield return new EventRecord(line.Place, new ShopEvent
                {
                    EventId = EventIds.Hash(source, line.Customer, item),
                    Type = options.DefaultType ?? EventTypes.Like,
                    Person = Person.Customer(line.Customer),
                    ItemId = item,
                    OccurredAt = options.UnstatedTime,
                });
            }
        }
    }
}
