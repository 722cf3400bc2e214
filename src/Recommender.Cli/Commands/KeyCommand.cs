using System.CommandLine;
using Recommender.Cli.Terminal;
using Recommender.Server;
using Recommender.Server.Security;

namespace Recommender.Cli.Commands;

internal static class KeyCommand
{
    public static Command Create()
    {
        var folder = SharedOptions.Folder();
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
              recommender key --data X
              recommender key --data X --role browser
            """)
        { folder, role };
        command.SetAction(parsed =>
        {
            var screen = new Screen();
            var shop = new ShopOptions { Folder = parsed.GetValue(folder)!.FullName };
            Directory.CreateDirectory(shop.Folder);
            string key = AccessKeys.Create(shop.KeysFile, parsed.GetValue(role));
            screen.Line(key);
            return ExitCode.Done;
        });
        return command;
    }
}
