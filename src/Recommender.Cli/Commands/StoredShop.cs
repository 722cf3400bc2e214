using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Cli.Terminal;
using Recommender.Server;
using Recommender.Storage;

namespace Recommender.Cli.Commands;

/// <summary>Opens a shop that is there, for a command that reads it or trains it.</summary>
internal static class StoredShop
{
    /// <exception cref="InputException">There is none.</exception>
    public static async Task<Shop> OpenAsync(ShopLocation location, CancellationToken cancellation)
    {
        if (!await location.ExistsAsync(cancellation))
            throw new InputException($"there is no shop in {location}; make one with `recommender import SOURCE PATH --store {location}`, or name another with --store");
        return await Shop.OpenAsync(new ShopOptions { Store = location }, TimeProvider.System, NullLoggerFactory.Instance, cancellation);
    }
}
