using System.CommandLine;
using Recommender.Cli.Terminal;
using Recommender.Server.Security;

namespace Recommender.Cli.Commands;

internal static class KeyCommand
{
    public static Command Create()
    {
        var store = SharedOptions.Store();
        var role = new Option<Role>("--role")
        {
            Description = "server: everything. browser: recommendations, events and questionnaires of visitors.",
            HelpName = "ROLE",
            DefaultValueFactory = _ => Role.Server,
        };
        role.AcceptOnlyFromAmong("server", "browser");
        var command = new Command("key", """
            Makes a key that callers send as "authorization: Bearer KEY". It is shown once; the shop keeps only its hash. With the first
            key, calls without one are refused; a server that is running takes new keys at its next start.

            Examples:
              recommender key --store X
              recommender key --store X --role browser
            """)
        { store, role };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var files = await parsed.StoreOf(store).OpenFilesAsync(cancellation);
            new Screen().Line(await AccessKeys.CreateAsync(files, parsed.GetValue(role), cancellation));
            return ExitCode.Done;
        });
        return command;
    }
}
