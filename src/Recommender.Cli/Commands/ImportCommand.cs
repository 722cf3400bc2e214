using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Cli.Importing;
using Recommender.Cli.Terminal;
using Recommender.Server;
using Recommender.Storage;

namespace Recommender.Cli.Commands;

internal static class ImportCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("source") { Description = $"What kind of data: {string.Join(", ", ImportSource.All.Select(known => known.Name))}." };
        var path = new Argument<string>("path") { Description = "Its folder or file, gzip or plain." };
        var store = SharedOptions.Store();
        var columns = new Option<string?>("--columns") { Description = "csv: which column holds what.", HelpName = "FIELD=COLUMN,..." };
        var type = new Option<string?>("--type") { Description = "The event type of lines that name none.", HelpName = "TYPE" };
        var currency = new Option<string?>("--currency") { Description = "csv: the currency of prices where no column says it.", HelpName = "ISO" };
        var json = SharedOptions.Json();
        var command = new Command("import", $"""
            Reads items, customers and events into a shop, which is made where it is missing. Lines that cannot be read are reported with
            their place, and the rest is imported; importing again changes nothing; an import that was stopped goes on where it was.

            Sources:
            {string.Join('\n', ImportSource.All.Select(known => $"  {known.Name,-17} {known.Description}"))}

            Examples:
              recommender import goodbooks data/goodbooks --store X
              recommender import csv orders.csv --store X --columns customer=CustomerID,item=Sku,time=OrderedAt,price=Price --currency EUR
            """)
        { source, path, store, columns, type, currency, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            var kind = ImportSource.Named(parsed.GetValue(source)!);
            // The path and the map are looked at before a shop is made for them.
            var map = parsed.GetValue(columns) is { } text ? ColumnMap.Parse(text) : ColumnMap.Empty;
            _ = new SourceFiles(parsed.GetValue(path)!, kind.Files);
            await using var shop = await Shop.OpenAsync(new ShopOptions { Store = parsed.StoreOf(store) }, TimeProvider.System, NullLoggerFactory.Instance, cancellation);
            var options = new ImportOptions(TimeProvider.System.GetUtcNow())
            {
                DefaultType = parsed.GetValue(type),
                Currency = parsed.GetValue(currency),
                Confidence = shop.Recipe.Confidence,
                Columns = map,
            };
            var importer = new Importer(shop.Store, shop.Tenant, TimeProvider.System);
            var summary = await ProgressBar.RunAsync(screen, $"importing {kind.Name}",
                progress => importer.RunAsync(kind, parsed.GetValue(path)!, options, new Bytes(progress), cancellation));
            if (parsed.GetValue(json)) screen.Json(summary);
            else Show(screen, summary, parsed.StoreOf(store));
            return summary.Complete ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Show(Screen screen, ImportSummary summary, ShopLocation store)
    {
        screen.Line($"{summary.Items:N0} items, {summary.Customers:N0} customers, {summary.NewEvents:N0} new events in {summary.Seconds:N1} s ({summary.EventsPerSecond:N0} events a second)");
        if (summary.Resumed) screen.Line("an import that was stopped was taken up again; the counts are those of the whole");
        if (summary.DuplicateEvents > 0) screen.Line($"{summary.DuplicateEvents:N0} events were there already");
        foreach (var (reason, count) in summary.LeftOut) screen.Line($"{count:N0} lines left out: {reason}");
        foreach (var line in summary.Examples) screen.Note($"rejected: {line}");
        if (!summary.Complete) screen.Note($"{summary.RejectedLines:N0} lines rejected, {summary.ConflictingEvents:N0} conflicts; everything else is imported. Mend them and import again.");
        screen.Line($"next: recommender train --store {store}");
    }

    private sealed class Bytes(IProgress<Step> progress) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => progress.Report(new Step($"{value.Events:N0} events", value.BytesTotal > 0 ? value.BytesRead / (double)value.BytesTotal : 1));
    }
}
