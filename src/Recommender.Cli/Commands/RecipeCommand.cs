using System.CommandLine;
using System.Text;
using Recommender.Cli.Terminal;
using Recommender.Models;
using Recommender.Server;

namespace Recommender.Cli.Commands;

internal static class RecipeCommand
{
    public static Command Create()
    {
        var store = SharedOptions.Store();
        var set = new Option<FileInfo?>("--set") { Description = "Puts this recipe in the place of the present one.", HelpName = "FILE" };
        var command = new Command("recipe", """
            Shows how the shop's models are trained, as JSON with every setting (models/README.md), or sets it. Servers that are running take it
            at their next start.

            Examples:
              recommender recipe --store X > recipe.json
              recommender recipe --store X --set recipe.json
            """)
        { store, set };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var files = await parsed.StoreOf(store).OpenFilesAsync(cancellation);
            if (parsed.GetValue(set) is { } file)
            {
                await files.WriteAsync(ShopOptions.RecipeFile, Encoding.UTF8.GetBytes(RecipeFile.Read(file).ToJson()), cancellation);
                new Screen().Note($"{files.PlaceOf(ShopOptions.RecipeFile)} is written; the next training goes by it");
                return ExitCode.Done;
            }
            new Screen().Line((await files.FindAsync(ShopOptions.RecipeFile, cancellation) is { } json ? Recipe.Parse(json) : new Recipe()).ToJson());
            return ExitCode.Done;
        });
        return command;
    }
}
