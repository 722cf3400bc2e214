using System.CommandLine;
using System.Text;
using Recommender.Cli.Terminal;
using Recommender.MlNet;
using Recommender.Models;
using Spectre.Console;

namespace Recommender.Cli.Commands;

internal static class ModelShowCommand
{
    private const int Examples = 5;

    public static Command Create()
    {
        var what = new Argument<string>("model")
        {
            Description = "A zip of ML.NET's, a model folder, or a version of the shop.",
            HelpName = "FILE.zip|FOLDER|VERSION",
        };
        var store = SharedOptions.Store();
        var json = SharedOptions.Json();
        var command = new Command("show", """
            Says what is in a model: sizes, where it comes from, what was measured, and of ML.NET's which column is what.

            Examples:
              recommender model show movies.zip
              recommender model show 20261122-041500-ab12cd --store X
            """)
        { what, store, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            string named = parsed.GetValue(what)!;
            if (File.Exists(named)) Show(screen, MlNetFile.Read(new FileInfo(named)), parsed.GetValue(json));
            else if (File.Exists(Path.Combine(named, ModelFiles.Card)))
                Show(screen, ModelCard.Parse(await File.ReadAllBytesAsync(Path.Combine(named, ModelFiles.Card), cancellation)),
                    parsed.GetValue(json));
            else
            {
                if (named.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) throw new InputException($"there is no model {Path.GetFullPath(named)}");
                await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(store), cancellation);
                var versions = await shop.Models.ListAsync(cancellation);
                var version = versions.FirstOrDefault(one => one.Id == named)
                    ?? throw new InputException($"there is neither a file nor a version \"{named}\"{NearestName.Hint(named, versions.Select(one => one.Id))}");
                Show(screen, ModelCard.Parse(Encoding.UTF8.GetBytes(version.Card)), parsed.GetValue(json));
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(Screen screen, SavedFactorization saved, bool json)
    {
        string customers;
        try { customers = CustomerColumn.Choose(saved, name: null, out _) == MatrixSide.Rows ? saved.Rows.InputColumn : saved.Columns.InputColumn; }
        catch (InvalidModelException) { customers = ""; }
        if (json)
        {
            screen.Json(new { Kind = "mlnet_matrix_factorization", saved.Factors, Rows = Side(saved.Rows), Columns = Side(saved.Columns), CustomersGuessed = customers });
            return;
        }
        screen.Line($"ML.NET matrix factorization, {saved.Factors} factors");
        var table = new Table().Border(TableBorder.Rounded).AddColumns("side", "column", "keys", "of type", "the first");
        foreach (var (name, side) in new[] { ("rows", saved.Rows), ("columns", saved.Columns) })
        {
            table.AddRow(name,
                Markup.Escape(side.InputColumn == side.KeyColumn ? side.KeyColumn : $"{side.InputColumn} → {side.KeyColumn}"),
                $"{side.Keys.Count:N0}", side.Keys.Kind,
                Markup.Escape(string.Join(", ", First(side))));
        }
        screen.Out.Write(table);
        screen.Line(customers.Length > 0 ? $"customers by the name: {customers}; next: recommender model import FILE --user-column {customers}"
            : "which column is the customers' its names do not tell; say it with --user-column");
    }

    private static object Side(SavedSide side) => new { side.InputColumn, side.KeyColumn, side.Keys.Count, side.Keys.Kind, First = First(side) };

    private static string[] First(SavedSide side) => [.. Enumerable.Range(0, Math.Min(Examples, side.Keys.Count)).Select(number => side.Keys[number])];

    private static void Show(Screen screen, ModelCard card, bool json)
    {
        if (json)
        {
            screen.Json(card);
            return;
        }
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "");
        foreach (var (name, value) in Rows(card)) table.AddRow(name, Markup.Escape(value));
        screen.Out.Write(table);
    }

    private static IEnumerable<(string Name, string Value)> Rows(ModelCard card) =>
    [
        ("version", card.Id),
        ("trained", $"{card.TrainedAt:u}, {card.TrainingSeconds:N1} s, by {card.CodeVersion}"),
        ("from", card.Origin ?? $"events up to {card.EventsUpTo:N0}, as of {card.AsOf:u}"),
        ("people", $"{card.Customers:N0}"),
        ("items", $"{card.Items:N0}"),
        ("interactions", $"{card.Interactions:N0}"),
        ("factors", $"{card.Recipe.Factorization.Factors} by {card.Recipe.Factorization.Trainer}"),
        ("item-item parts", $"{card.Recipe.Similarities.Length}"),
        .. card.Metrics.Where(metric => !metric.Key.EndsWith("_low", StringComparison.Ordinal) && !metric.Key.EndsWith("_high", StringComparison.Ordinal))
            .Select(metric => (metric.Key, $"{metric.Value:0.####}")),
    ];
}
