using System.CommandLine;
using Recommender.Cli.Terminal;
using Recommender.Models;
using Recommender.Server.Training;
using Recommender.Storage;

namespace Recommender.Cli.Commands;

internal static class TrainCommand
{
    public static Command Create()
    {
        var store = SharedOptions.Store();
        var recipeFile = SharedOptions.RecipeFile("the shop's recipe.json, or the defaults");
        var keep = new Option<bool>("--no-publish") { Description = "Keep the version without making it live." };
        var force = new Option<bool>("--force") { Description = "Make it live even if it is worse than the live version; the record says so." };
        var checkpoint = SharedOptions.Checkpoint("the shop's folder; a shop elsewhere keeps none");
        var threads = SharedOptions.Threads();
        var json = SharedOptions.Json();
        var command = new Command("train", """
            Learns from everything the shop has recorded and makes the new version live.
            Stopping it leaves everything as it was; the same command then goes on where it was stopped. A version that is worse than the live one on what neither has learned is kept, but
            does not go live (exit code 1).

            Examples:
              recommender train --store X
              recommender train --store X --recipe models/recipes/default.json --no-publish
            """)
        { store, recipeFile, keep, force, checkpoint, threads, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(keep) && result.GetValue(force)) result.AddError("give --no-publish or --force, not both");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(store), cancellation);
            var recipe = parsed.GetValue(recipeFile) is { } file ? RecipeFile.Read(file) : shop.Recipe;
            var wish = parsed.GetValue(keep) ? PublishWish.Keep : parsed.GetValue(force) ? PublishWish.Force : PublishWish.IfNotWorse;
            string? folder = parsed.GetValue(checkpoint)?.FullName ?? parsed.StoreOf(store).LocalFolder;
            using var kept = folder is null ? null : new TrainingCheckpoint(folder, screen.Note);
            var outcome = await ProgressBar.RunAsync(screen, "training", progress => shop.Models.TrainAsync(recipe, wish,
                parsed.GetValue(threads), new Steps(progress), kept, cancellation));
            var card = ModelCard.Parse(System.Text.Encoding.UTF8.GetBytes(outcome.Version.Card));
            var exit = outcome.StaysOut(wish) ? ExitCode.Failed : ExitCode.Done;
            if (parsed.GetValue(json)) { screen.Json(card); return exit; }
            screen.Line($"{card.Id}: {card.Customers:N0} people, {card.Items:N0} items, {card.Interactions:N0} interactions, {card.TrainingSeconds:N1} s");
            if (card.Metrics.TryGetValue("ndcg@20", out double ndcg))
                screen.Line($"on what it has not learned: recall@20 {card.Metrics["recall@20"]:0.0000}, NDCG@20 {ndcg:0.0000}; popularity {card.Metrics["popularity_ndcg@20"]:0.0000}");
            if (outcome.Verdict is { } verdict) screen.Line(verdict.Summary);
            if (outcome.StaysOut(wish))
            {
                screen.Line($"NOT LIVE: it is worse than the live version; to publish it all the same: recommender model publish {card.Id} --force");
                return exit;
            }
            screen.Line(wish == PublishWish.Keep ? $"not live; publish it with: recommender model publish {card.Id}" : "live");
            screen.Line($"try: recommender recommend --store {parsed.StoreOf(store)} --customer ID, or recommender serve --store {parsed.StoreOf(store)}");
            return exit;
        });
        return command;
    }

    private sealed class Steps(IProgress<Step> progress) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => progress.Report(new Step(value.Stage, value.Fraction));
    }
}
