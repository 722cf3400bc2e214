using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Cli.Terminal;
using Recommender.Server;

namespace Recommender.Cli.Commands;

/// <summary>Opens the shop in a folder for a command that reads it or trains it.</summary>
internal static class ShopFolder
{
    /// <exception cref="InputException">There is no shop in the folder.</exception>
    public static Task<Shop> OpenAsync(DirectoryInfo folder, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(folder.FullName, "shop.db")))
            throw new InputException($"there is no shop in {folder.FullName}; make one with `recommender import SOURCE PATH --data {folder}`, or name another with --data");
        return Shop.OpenAsync(new ShopOptions { Folder = folder.FullName }, TimeProvider.System, NullLoggerFactory.Instance, cancellation);
    }
}
