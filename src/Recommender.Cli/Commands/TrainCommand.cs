using System.CommandLine;
using Recommender.Cli.Terminal;
using Recommender.Models;
using Recommender.Server.Training;

namespace Recommender.Cli.Commands;

internal static class TrainCommand
{
    public static Command Create()
    {
        var store = SharedOptions.Store();
        var recipeFile = SharedOptions.RecipeFile("the shop's recipe.json, or the defaults");
        var keep = new Option<bool>("--no-publish") { Description = "Keep the version without making it live." };
        var threads = SharedOptions.Threads();
        var json = SharedOptions.Json();
        var command = new Command("train", """
            Learns from everything the shop has recorded and makes the new version live.
            Stopping it leaves everything as it was.

            Examples:
              recommender train --store X
              recommender train --store X --recipe models/recipes/default.json --no-publish
            """)
        { store, recipeFile, keep, threads, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(store), cancellation);
            var recipe = parsed.GetValue(recipeFile) is { } file ? RecipeFile.Read(file) : shop.Recipe;
            var version = await ProgressBar.RunAsync(screen, "training", progress => shop.Models.TrainAsync(recipe, publish: !parsed.GetValue(keep),
                parsed.GetValue(threads), new Steps(progress), cancellation));
            var card = ModelCard.Parse(System.Text.Encoding.UTF8.GetBytes(version.Card));
            if (parsed.GetValue(json)) { screen.Json(card); return ExitCode.Done; }
            screen.Line($"{card.Id}: {card.Customers:N0} people, {card.Items:N0} items, {card.Interactions:N0} interactions, {card.TrainingSeconds:N1} s");
            screen.Line(parsed.GetValue(keep) ? $"not live; publish it with ModelService.PublishModel" : "live");
            screen.Line($"try: recommender recommend --store {parsed.StoreOf(store)} --customer ID, or recommender serve --store {parsed.StoreOf(store)}");
            return ExitCode.Done;
        });
        return command;
    }

    private sealed class Steps(IProgress<Step> progress) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => progress.Report(new Step(value.Stage, value.Fraction));
    }
}
