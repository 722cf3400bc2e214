using System.CommandLine;
using Recommender.Cli.Terminal;

namespace Recommender.Cli.Commands;

internal static class ModelRollBackCommand
{
    public static Command Create()
    {
        var store = SharedOptions.Store();
        var command = new Command("roll-back", """
            Makes the version live that was so before the present one.

            Examples:
              recommender model roll-back --store X
            """)
        { store };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(store), cancellation);
            var version = await shop.Models.RollBackAsync(cancellation);
            screen.Line($"{version.Id} is live again");
            return ExitCode.Done;
        });
        return command;
    }
}
