using System.CommandLine;
using Recommender.Cli.Terminal;
using Recommender.Server;
using Recommender.Server.Serving;

namespace Recommender.Cli.Commands;

internal static class SimilarCommand
{
    public static Command Create()
    {
        var item = new Argument<string>("item") { Description = "An item's id or its title." };
        var store = SharedOptions.Store();
        var filter = new Option<string>("--filter") { Description = "What an item must satisfy.", HelpName = "EXPR", DefaultValueFactory = _ => "" };
        var count = SharedOptions.Count(otherwise: 10);
        var json = SharedOptions.Json();
        var command = new Command("similar", """
            Shows what goes with an item.

            Examples:
              recommender similar 260 --store X
              recommender similar "WHITE HANGING HEART T-LIGHT HOLDER" --store X
            """)
        { item, store, filter, count, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(store), cancellation);
            var answer = shop.Recommending.SimilarTo(new RecommendQuery
            {
                ContextItemIds = [IdOf(shop, parsed.GetValue(item)!)],
                Filter = parsed.GetValue(filter)!,
                Count = parsed.GetValue(count),
                Preview = true,
            }, cancellation);
            new AnswerView(new Screen(), answer, shop.Questionnaires.Meanings).Show(parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static string IdOf(Shop shop, string idOrTitle)
    {
        var shelves = shop.Live.Now.Shelves;
        if (shelves.Find(idOrTitle) is not null) return idOrTitle;
        for (int number = 0; number < shelves.Length; number++)
        {
            if (shelves[number] is { } item && item.Title.Equals(idOrTitle, StringComparison.OrdinalIgnoreCase)) return item.Id;
        }
        return idOrTitle;
    }
}
