using System.CommandLine;
using System.Globalization;
using System.Text;
using Recommender.Cli.Terminal;
using Recommender.Models;
using Recommender.Storage;
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
            var versions = (await shop.Models.ListAsync(cancellation)).Select(version => (Version: version, Card: CardOf(version, out string unread), Unread: unread)).ToList();
            var publications = await shop.Store.Models.PublicationsAsync(shop.Tenant, cancellation);
            if (parsed.GetValue(json))
            {
                screen.Json(new { LiveModel = shop.Models.LiveId, Models = versions.Select(one => one.Card ?? (object)new { one.Version.Id, one.Version.TrainedAt, one.Version.EventsUpTo, Problem = one.Unread }), Publications = publications });
                return ExitCode.Done;
            }
            var table = new Table().Border(TableBorder.Rounded).AddColumns("version", "trained", "events up to", "people", "items", "recall@20", "NDCG@20", "");
            foreach (var (version, read, unread) in versions)
            {
                if (read is not { } card)
                {
                    table.AddRow(version.Id, version.TrainedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), $"{version.EventsUpTo:N0}", "-", "-", "-", "-", unread);
                    continue;
                }
                table.AddRow(card.Id, card.TrainedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), $"{card.EventsUpTo:N0}", $"{card.Customers:N0}",
                    $"{card.Items:N0}", Figure(card, "recall@20"), Figure(card, "ndcg@20"), card.Id == shop.Models.LiveId ? "live" : "");
            }
            screen.Out.Write(table);
            foreach (var publication in publications.Take(MostPublications))
                screen.Line($"{publication.PublishedAt:yyyy-MM-dd HH:mm}  {publication.ModelId}  {publication.Reason}");
            screen.Line(versions.Count == 0 ? "none yet; next: recommender train" : "next: recommender model publish VERSION, or recommender model roll-back");
            return ExitCode.Done;
        });
        return command;
    }

    // A version of another time is listed, so that it is seen what there is.
    private static ModelCard? CardOf(ModelVersion version, out string unread)
    {
        byte[] json = Encoding.UTF8.GetBytes(version.Card);
        unread = "";
        try
        {
            int format = ModelCard.FormatOf(json);
            if (format == ModelCard.CurrentFormat) return ModelCard.Parse(json);
            unread = $"format {format}, cannot be served";
        }
        catch (InvalidModelException) { unread = "its card cannot be read, cannot be served"; }
        return null;
    }

    // What was measured on different days was measured on different customers: only `publish` compares.
    private static string Figure(ModelCard card, string name) =>
        card.Metrics.TryGetValue(name, out double mean) ? $"{mean:0.0000} ±{(card.Metrics[$"{name}_high"] - card.Metrics[$"{name}_low"]) / 2:0.0000}" : "-";
}
