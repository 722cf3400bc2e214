using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Cli.Demo;
using Recommender.Cli.Terminal;
using Recommender.Server;

namespace Recommender.Cli.Commands;

internal static class DemoCommand
{
    public static Command Create()
    {
        var exit = new Option<bool>("--exit") { Description = "End after the story instead of serving on." };
        var seed = new Option<int>("--seed") { Description = "Another seed is another shop.", HelpName = "N", DefaultValueFactory = _ => 42 };
        var keep = SharedOptions.Location("--store", "Keep the shop here, where there must be none yet. Without it the shop is deleted at the end.", "--data");
        var port = SharedOptions.Port("--port", "gRPC (HTTP/2).", 5080);
        var httpPort = SharedOptions.Port("--http-port", "JSON (HTTP/1.1).", 5081);
        var command = new Command("demo", """
            Makes up a bookshop, learns from two years of its trade, and shows what it recommends to whom, and why. Then it serves on.

            Examples:
              recommender demo
              recommender demo --exit
            """)
        { exit, seed, keep, port, httpPort };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            bool leave = parsed.GetValue(exit);
            using var place = await DemoPlace.OfAsync(parsed.GetValue(keep), cancellation);
            var bookshop = Bookshop.Generate(new BookshopOptions { Seed = parsed.GetValue(seed) });
            var clock = new DemoClock();
            await using var shop = await Shop.OpenAsync(new ShopOptions { Store = place.Location }, clock, NullLoggerFactory.Instance, cancellation);
            await new DemoOpening(screen, shop).RunAsync(bookshop, cancellation);

            // The story needs no fixed address, so that it runs beside a server that has the usual one.
            var options = new ServerOptions { GrpcPort = leave ? 0 : parsed.GetValue(port), HttpPort = leave ? 0 : parsed.GetValue(httpPort) };
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await ServeCommand.RunAsync(shop, options, screen, clock, async addresses =>
            {
                var story = new DemoStory(screen, bookshop, addresses);
                await story.TellAsync(cancellation);
                await new DemoRelationship(screen, bookshop, addresses, clock).TellAsync(cancellation);
                story.Invite();
                if (leave) await ending.CancelAsync();
            }, ending.Token);
            return ExitCode.Done;
        });
        return command;
    }
}
