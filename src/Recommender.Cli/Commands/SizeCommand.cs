using System.CommandLine;
using Recommender.Cli.Terminal;
using Recommender.Models;
using Spectre.Console;

namespace Recommender.Cli.Commands;

internal static class SizeCommand
{
    public static Command Create()
    {
        var customers = Required("--customers", "Customers and visitors with interactions.");
        var items = Required("--items", "Items.");
        var interactions = new Option<long?>("--interactions")
        {
            Description = "Different customer-item pairs; left out: 30 a customer.",
            HelpName = "N",
        }.Within(1, 1_000_000_000_000);
        var factors = new Option<int?>("--factors") { Description = "Length of each vector; left out: the recipe's.", HelpName = "N" }.Within(1, 4096);
        var recipeFile = SharedOptions.RecipeFile("the defaults");
        var threads = SharedOptions.Threads();
        var json = SharedOptions.Json();
        var command = new Command("size", """
            Says how much memory training and serving need, before anything is bought.

            Examples:
              recommender size --customers 1000000 --items 100000
              recommender size --customers 1500000 --items 150000 --interactions 10000000 --factors 128 --json
            """)
        { customers, items, interactions, factors, recipeFile, threads, json };
        command.SetAction(parsed =>
        {
            var screen = new Screen();
            var recipe = parsed.GetValue(recipeFile) is { } file ? RecipeFile.Read(file) : new Recipe();
            if (parsed.GetValue(factors) is { } length) recipe = (recipe with { Factorization = recipe.Factorization with { Factors = length } }).Validated();
            var estimate = SizeEstimate.Of(parsed.GetValue(customers), parsed.GetValue(items),
                parsed.GetValue(interactions) ?? 30 * parsed.GetValue(customers), recipe, parsed.GetValue(threads));
            if (parsed.GetValue(json)) screen.Json(estimate);
            else Show(screen, estimate);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(Screen screen, SizeEstimate estimate)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("part").AddColumn(new TableColumn("training").RightAligned())
            .AddColumn(new TableColumn("serving").RightAligned());
        foreach (var part in estimate.Parts) table.AddRow(part.Name, Bytes(part.TrainingBytes), Bytes(part.ServingBytes));
        table.AddRow("[bold]all[/]", $"[bold]{Bytes(estimate.TrainingBytes)}[/]", $"[bold]{Bytes(estimate.ServingBytes)}[/]");
        screen.Out.Write(table);
        if (estimate.Refusal is not null) screen.Line($"This recipe is refused: {estimate.Refusal}");
        screen.Line("Serving also holds the catalogue (about 1 KB an item) and the histories of active people (about 11 KB each for 30 events).");
    }

    private static string Bytes(long bytes) => $"{bytes / (double)(1 << 20):N1} MiB";

    private static Option<long> Required(string name, string description) =>
        new Option<long>(name) { Description = description, HelpName = "N", Required = true }.Within(1, 1_000_000_000);
}
