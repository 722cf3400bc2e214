using System.CommandLine;
using Recommender.Cli.Terminal;
using Recommender.MlNet;
using Recommender.Models;
using Recommender.Server.Training;

namespace Recommender.Cli.Commands;

internal static class ModelImportCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file")
        {
            Description = "The zip that mlContext.Model.Save wrote, with a matrix factorization in it.",
            HelpName = "FILE.zip",
        };
        var store = SharedOptions.Store();
        var userColumn = SharedOptions.UserColumn("The column of the model with the customers. Without it: guessed by its name, with a warning.");
        var recipeFile = SharedOptions.RecipeFile("the shop's recipe.json, or the defaults");
        var keep = new Option<bool>("--no-publish") { Description = "Keep the version without making it live." };
        var force = new Option<bool>("--force") { Description = "Make it live even if it is worse than the live version; the record says so." };
        var threads = SharedOptions.Threads();
        var json = SharedOptions.Json();
        var command = new Command("import", """
            Makes a version of a model that ML.NET trained. Its items keep their factors; customers are folded in from what the shop has
            recorded, and popularity is the shop's own.

            Examples:
              recommender model import movies.zip --store X --user-column userId
              recommender model import movies.zip --store X --no-publish
            """)
        { file, store, userColumn, recipeFile, keep, force, threads, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            var zip = parsed.GetValue(file)!;
            var model = MlNetFile.Read(zip, parsed.GetValue(userColumn), screen);
            await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(store), cancellation);
            var recipe = parsed.GetValue(recipeFile) is { } recipeJson ? RecipeFile.Read(recipeJson) : shop.Recipe;
            string origin = await MlNetFile.OriginAsync(zip, model, cancellation);
            var wish = parsed.GetValue(keep) ? PublishWish.Keep : parsed.GetValue(force) ? PublishWish.Force : PublishWish.IfNotWorse;
            var outcome = await ProgressBar.RunAsync(screen, "importing", progress => shop.Models.ImportAsync(
                (known, conditions) => ImportedModel.Of(model, known, recipe, origin, conditions, cancellation), recipe, wish,
                parsed.GetValue(threads), new Steps(progress), cancellation));
            var card = ModelCard.Parse(System.Text.Encoding.UTF8.GetBytes(outcome.Version.Card));
            if (parsed.GetValue(json)) screen.Json(card);
            else Show(screen, model, card, outcome, wish);
            return outcome.StaysOut(wish) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static void Show(Screen screen, MatrixFactorizationModel model, ModelCard card, TrainingOutcome outcome, PublishWish wish)
    {
        screen.Line($"{card.Id}: {card.Items:N0} items of {model.Items.Keys.Count:N0}, {card.Recipe.Factorization.Factors} factors; "
            + $"{card.Customers:N0} people, {card.Interactions:N0} interactions of the shop");
        if (outcome.Verdict is { } verdict) screen.Line(verdict.Summary);
        if (outcome.StaysOut(wish)) screen.Line($"not live: it is worse than the live version; with --force it would be");
        else screen.Line(wish == PublishWish.Keep ? $"not live; publish it with recommender model publish {card.Id}" : "live");
    }

    private sealed class Steps(IProgress<Step> progress) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => progress.Report(new Step(value.Stage, value.Fraction));
    }
}
