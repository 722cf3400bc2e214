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
        var folder = SharedOptions.Folder();
        var filter = new Option<string>("--filter") { Description = "What an item must satisfy.", HelpName = "EXPR", DefaultValueFactory = _ => "" };
        var count = SharedOptions.Count(otherwise: 10);
        var json = SharedOptions.Json();
        var command = new Command("similar", """
            Shows what goes with an item.

            Examples:
              recommender similar 260 --data X
              recommender similar "WHITE HANGING HEART T-LIGHT HOLDER" --data X
            """)
        { item, folder, filter, count, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var shop = await ShopFolder.OpenAsync(parsed.GetValue(folder)!, cancellation);
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
