using System.CommandLine;
using Recommender.Cli.Terminal;
using Recommender.Models;
using Spectre.Console;

namespace Recommender.Cli.Commands;

internal static class StatusCommand
{
    public static Command Create()
    {
        var store = SharedOptions.Store();
        var json = SharedOptions.Json();
        var command = new Command("status", """
            Says what a shop holds and which model is live.

            Examples:
              recommender status --store X
              recommender status --store X --json
            """)
        { store, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(store), cancellation);
            var events = await shop.Store.Events.SizeAsync(shop.Tenant, cancellation);
            var models = await shop.Models.ListAsync(cancellation);
            var live = shop.Live.Current.Model?.Card;
            var status = new
            {
                parsed.StoreOf(store).Engine,
                Store = parsed.StoreOf(store).ToString(),
                Items = await shop.Store.Items.CountAsync(shop.Tenant, cancellation),
                Available = shop.Live.Now.Shelves.Eligible.Count,
                CustomersDescribed = await shop.Store.Customers.CountAsync(shop.Tenant, cancellation),
                events.Events,
                CustomersSeen = events.Customers,
                VisitorsSeen = events.Visitors,
                Models = models.Count,
                LiveModel = live?.Id,
                EventsSinceTraining = await shop.Store.Events.CountSinceAsync(shop.Tenant, live?.EventsUpTo ?? 0, cancellation),
                DiskBytes = parsed.StoreOf(store).BytesOnDisk(),
            };
            if (parsed.GetValue(json)) screen.Json(status);
            else Show(screen, [.. status.GetType().GetProperties().Select(property => (property.Name, $"{property.GetValue(status):N0}"))], live);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(Screen screen, IReadOnlyList<(string Name, string Value)> rows, ModelCard? live)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "");
        foreach (var (name, value) in rows) table.AddRow(Words(name), Markup.Escape(value));
        screen.Out.Write(table);
        screen.Line(live is null ? "next: recommender train" : "next: recommender serve, or recommender recommend --customer ID");
    }

    /// <summary>"EventsSinceTraining" as "events since training".</summary>
    private static string Words(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
