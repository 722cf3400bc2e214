using System.CommandLine;
using Recommender.Cli.Terminal;
using Recommender.Interactions;
using Recommender.MlNet;
using Recommender.Models;
using Recommender.Server;

namespace Recommender.Cli.Commands;

internal static class ModelExportCommand
{
    public static Command Create()
    {
        var store = SharedOptions.Store();
        var version = new Option<string?>("--model") { Description = "A version's id. Without it: the live one.", HelpName = "VERSION" };
        var target = new Option<string>("--out")
        {
            Description = "A new folder for our form, or a new file ending in .zip for ML.NET's.",
            HelpName = "FOLDER|FILE.zip",
            Required = true,
        };
        var userColumn = SharedOptions.UserColumn("In a zip: what the data calls its column of customers. Without it: UserId.");
        var itemColumn = new Option<string>("--item-column")
        {
            Description = "In a zip: what the data calls its column of items.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "ItemId",
        };
        var command = new Command("export", """
            Writes a version where other programs can read it: a folder with its card, vocabularies and safetensors, or a zip that ML.NET
            loads (mlContext.Model.Load), with the factors alone and text keys.

            Examples:
              recommender model export --store X --out model
              recommender model export --store X --model 20261122-041500-ab12cd --out model.zip --user-column userId --item-column movieId
            """)
        { store, version, target, userColumn, itemColumn };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            string path = Path.GetFullPath(parsed.GetValue(target)!);
            await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(store), cancellation);
            string id = parsed.GetValue(version) ?? shop.Models.LiveId
                ?? throw new InputException("no version is live: name one with --model (recommender model list)");
            if (!path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            {
                await shop.Store.Archive.ExportAsync(shop.Tenant, id, path, cancellation);
                screen.Line($"{path}: {id}");
                return ExitCode.Done;
            }
            if (Path.Exists(path)) throw new InputException($"{path} is there already");
            var model = await WithCustomersAsync(shop, id, cancellation);
            var saved = ExportedModel.Of(model, parsed.GetValue(userColumn) ?? "UserId", parsed.GetValue(itemColumn)!);
            NewFile.Write(path, stream => SavedModelWriter.Write(saved, stream, cancellation));
            screen.Line($"{path}: {saved.Columns.Keys.Count:N0} customers in '{saved.Columns.InputColumn}' of "
                + $"{model.Customers!.People.Count:N0} people, {saved.Rows.Keys.Count:N0} items in '{saved.Rows.InputColumn}', "
                + $"{saved.Factors} factors");
            if (model.Similarities.Length > 0) screen.Note("the item-item parts and popularity stay behind: ML.NET scores by the factors alone");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The archive gives a model to serve from; its customers are in the files it can write.</summary>
    private static async Task<TrainedModel> WithCustomersAsync(Shop shop, string id, CancellationToken cancellation)
    {
        var model = await shop.Store.Archive.LoadAsync(shop.Tenant, id, Vocabulary.Empty, cancellation);
        string parent = Directory.CreateTempSubdirectory("recommender-export-").FullName;
        try
        {
            string folder = Path.Combine(parent, id);
            await shop.Store.Archive.ExportAsync(shop.Tenant, id, folder, cancellation);
            return ModelFiles.ReadCustomers(model.Card, name => File.OpenRead(Path.Combine(folder, name))) is { } customers ? model.With(customers) : model;
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }
}
