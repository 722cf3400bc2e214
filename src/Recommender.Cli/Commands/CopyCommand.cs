using System.CommandLine;
using System.Globalization;
using Recommender.Cli.Copying;
using Recommender.Cli.Terminal;
using Spectre.Console;

namespace Recommender.Cli.Commands;

internal static class CopyCommand
{
    public static Command Create()
    {
        var from = SharedOptions.Location("--from", "The shop: a folder, or the URI of a MongoDB.");
        var to = SharedOptions.Location("--to", "An empty place for it: a folder, or the URI of a MongoDB.");
        from.Required = to.Required = true;
        var json = SharedOptions.Json();
        var command = new Command("copy", """
            Moves a shop to another place or engine: everything that it keeps, models, recipe and keys included. No server may have it open meanwhile.
            Stopped, it goes on where it was when called again. At the end both sides are counted and compared; exit code 1 says that they differ.

            Examples:
              recommender copy --from X --to mongodb://localhost/shop
              recommender copy --from mongodb://localhost/shop --to Y
            """)
        { from, to, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            var copy = new ShopCopy(parsed.GetValue(from)!, parsed.GetValue(to)!, TimeProvider.System);
            var result = await ProgressBar.RunAsync(screen, "copying", progress => copy.RunAsync(progress, cancellation));
            if (parsed.GetValue(json)) screen.Json(result);
            else Show(screen, result);
            return result.Complete ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Show(Screen screen, CopyResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("kind", "from", "to", "checksum", "");
        foreach (var kind in result.Kinds)
        {
            table.AddRow(kind.Kind, Number(kind.From), Number(kind.To), kind.FromChecksum[..16],
                kind.Same ? "same" : $"DIFFERS: {kind.ToChecksum[..16]}");
        }
        screen.Out.Write(table);
        foreach (string damaged in result.Damaged) screen.Note($"not copied: {damaged}");
        if (!result.Complete)
            screen.Note("the two sides differ: something was written to one of them meanwhile, or could not be copied. Stop all servers and copy again; if they still differ, empty the target first");
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
