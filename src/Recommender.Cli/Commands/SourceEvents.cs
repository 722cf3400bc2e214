using Recommender.Catalogue;
using Recommender.Cli.Importing;
using Recommender.Cli.Terminal;
using Recommender.Evaluation;
using Recommender.Interactions;

namespace Recommender.Cli.Commands;

/// <summary>What a source holds, in memory, to measure on without a shop.</summary>
internal sealed record SourceEvents(IReadOnlyList<ShopEvent> Events, IReadOnlyDictionary<string, Item> Items)
{
    /// <exception cref="ImportException">There is no such source or file.</exception>
    /// <exception cref="InputException">It holds no event.</exception>
    public static SourceEvents Read(string source, string path, CancellationToken cancellation)
    {
        var from = ImportSource.Named(source);
        var events = new List<ShopEvent>();
        var items = new Dictionary<string, Item>(StringComparer.Ordinal);
        foreach (var record in from.Read(new SourceFiles(path, from.Files), new ImportOptions(TimeProvider.System.GetUtcNow())))
        {
            cancellation.ThrowIfCancellationRequested();
            if (record is ItemRecord { Item: var item }) items[item.Id] = item;
            else if (record is EventRecord { Event: var happened }) events.Add(happened);
        }
        return events.Count > 0 ? new SourceEvents(events, items) : throw new InputException($"{source} {Path.GetFullPath(path)} holds no event: there is nothing to measure on");
    }

    /// <summary>Without the newest part of the events.</summary>
    public SourceEvents Before(double newest)
    {
        if (newest == 0) return this;
        var cut = TimeSplit.CutAt(Events.Select(happened => happened.OccurredAt), newest);
        return this with { Events = [.. Events.Where(happened => happened.OccurredAt < cut)] };
    }

    public TrainingSet Build(ConfidenceOptions confidence)
    {
        var builder = new TrainingSetBuilder(confidence, Events.Max(happened => happened.OccurredAt));
        foreach (var happened in Events) builder.Add(happened);
        return builder.Build() with { Catalogue = Items };
    }
}
