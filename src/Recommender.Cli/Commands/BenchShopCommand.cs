using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Cli.Load;
using Recommender.Cli.Terminal;
using Recommender.Server;
using Recommender.Server.Training;

namespace Recommender.Cli.Commands;

/// <summary>A shop to be measured, made up in a minute.</summary>
internal static class BenchShopCommand
{
    private const int Batch = 10_000;

    public static Command Create()
    {
        var store = SharedOptions.Location("--store", "Where to make the shop; there must be none yet.", "--data");
        store.Required = true;
        var items = Whole("--items", "Items of its catalogue.", 25_000, 1_000, 10_000_000);
        var customers = Whole("--customers", "Customers.", 5_000, 1, 10_000_000);
        var events = Whole("--events", "Purchases of each.", 20, 1, 1_000);
        var factors = Whole("--factors", "Length of the model's vectors.", 128, 1, 4096);
        var models = Whole("--models", "Versions to train; two can take turns in a measurement of swaps.", 1, 1, 10);
        var seed = new Option<int>("--seed") { Description = "Another seed is another shop.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var command = new Command("shop", """
            Makes up a shop to be measured and trains its model by the default recipe.

            Examples:
              recommender bench shop --store X
              recommender bench shop --store X --items 100000 --models 2
            """)
        { store, items, customers, events, factors, models, seed };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (screen, time, location) = (new Screen(), TimeProvider.System, parsed.GetValue(store)!);
            if (await location.ExistsAsync(cancellation)) throw new InputException($"there is a shop in {location} already; name another place with --store");
            var made = new MadeUpShop
            {
                Items = parsed.GetValue(items),
                Customers = parsed.GetValue(customers),
                Events = parsed.GetValue(events),
                Seed = parsed.GetValue(seed),
                Today = time.GetUtcNow(),
            };
            await using var shop = await Shop.OpenAsync(new ShopOptions { Store = location }, time, NullLoggerFactory.Instance, cancellation);
            await ProgressBar.RunAsync(screen, "recording", progress => FillAsync(shop, made, progress, cancellation));
            var recipe = shop.Recipe with { Factorization = shop.Recipe.Factorization with { Factors = parsed.GetValue(factors) } };
            for (int version = 0; version < parsed.GetValue(models); version++)
            {
                await ProgressBar.RunAsync(screen, "training", progress => shop.Models.TrainAsync(recipe, PublishWish.Force, Environment.ProcessorCount,
                    new Progress<TrainingStep>(step => progress.Report(new Step(step.Stage, step.Fraction))), cancellation));
            }
            screen.Note($"next: recommender serve --store {location}, and beside it recommender bench");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<bool> FillAsync(Shop shop, MadeUpShop made, IProgress<Step> progress, CancellationToken cancellation)
    {
        foreach (var batch in made.Catalogue().Chunk(Batch)) await shop.Live.UpsertItemsAsync(batch, cancellation);
        foreach (var batch in made.Described().Chunk(Batch)) await shop.Store.Customers.UpsertAsync(shop.Tenant, batch, cancellation);
        double expected = (double)made.Customers * made.Events;
        int done = 0;
        foreach (var batch in made.Purchases().Chunk(Batch))
        {
            await shop.RecordAsync(batch, cancellation);
            progress.Report(new Step($"{done += batch.Length:N0} events", done / expected));
        }
        return true;
    }

    private static Option<int> Whole(string name, string description, int otherwise, int from, int to) =>
        new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => otherwise }.Within(from, to);
}
