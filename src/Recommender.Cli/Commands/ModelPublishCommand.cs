using System.CommandLine;
using Recommender.Cli.Terminal;

namespace Recommender.Cli.Commands;

internal static class ModelPublishCommand
{
    public static Command Create()
    {
        var version = new Argument<string>("version") { Description = "A version's id: `recommender model list`.", HelpName = "VERSION" };
        var store = SharedOptions.Store();
        var force = new Option<bool>("--force") { Description = "Even if it is worse than the live version; the record says so." };
        var command = new Command("publish", """
            Makes a version live, if it is not worse than the live one on what neither has learned. Servers of a MongoDB
            take it at once; a folder that a server has open is published to by ModelService.PublishModel.

            Examples:
              recommender model publish 20261122-041500-ab12cd --store X
              recommender model publish 20261122-041500-ab12cd --store X --force
            """)
        { version, store, force };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(store), cancellation);
            var outcome = await shop.Models.PublishAsync(parsed.GetValue(version)!, parsed.GetValue(force), cancellation);
            if (outcome.Verdict is { } verdict) screen.Line(verdict.Summary);
            screen.Line($"{outcome.Version.Id} is live; the way back: recommender model roll-back --store {parsed.StoreOf(store)}");
            return ExitCode.Done;
        });
        return command;
    }
}
