using System.CommandLine;
using System.Globalization;
using System.Text;
using Recommender.Cli.Terminal;
using Recommender.Models;
using Spectre.Console;

namespace Recommender.Cli.Commands;

internal static class ModelListCommand
{
    private const int MostPublications = 10;

    public static Command Create()
    {
        var store = SharedOptions.Store();
        var json = SharedOptions.Json();
        var command = new Command("list", """
            Lists the versions with what was measured of them, and which went live when and why.

            Examples:
              recommender model list --store X
              recommender model list --store X --json
            """)
        { store, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(store), cancellation);
            var cards = (await shop.Models.ListAsync(cancellation)).Select(version => ModelCard.Parse(Encoding.UTF8.GetBytes(version.Card))).ToList();
            var publications = await shop.Store.Models.PublicationsAsync(shop.Tenant, cancellation);
            if (parsed.GetValue(json))
            {
                screen.Json(new { LiveModel = shop.Models.LiveId, Models = cards, Publications = publications });
                return ExitCode.Done;
            }
            var table = new Table().Border(TableBorder.Rounded).AddColumns("version", "trained", "events up to", "people", "items", "recall@20", "NDCG@20", "");
            foreach (var card in cards)
            {
                table.AddRow(card.Id, card.TrainedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), $"{card.EventsUpTo:N0}", $"{card.Customers:N0}",
                    $"{card.Items:N0}", Figure(card, "recall@20"), Figure(card, "ndcg@20"), card.Id == shop.Models.LiveId ? "live" : "");
            }
            screen.Out.Write(table);
            foreach (var publication in publications.Take(MostPublications))
                screen.Line($"{publication.PublishedAt:yyyy-MM-dd HH:mm}  {publication.ModelId}  {publication.Reason}");
            screen.Line(cards.Count == 0 ? "none yet; next: recommender train" : "next: recommender model publish VERSION, or recommender model roll-back");
            return ExitCode.Done;
        });
        return command;
    }

    // What was measured on different days was measured on different customers: only `publish` compares.
    private static string Figure(ModelCard card, string name) =>
        card.Metrics.TryGetValue(name, out double mean) ? $"{mean:0.0000} ±{(card.Metrics[$"{name}_high"] - card.Metrics[$"{name}_low"]) / 2:0.0000}" : "-";
}
