using Recommender.Cli.Terminal;
using Recommender.Storage;

namespace Recommender.Cli.Demo;

/// <summary>Where the demo's shop lives: a place of the user's, or a folder that goes with the demo.</summary>
internal sealed class DemoPlace : IDisposable
{
    private readonly string? _temporary;

    private DemoPlace(ShopLocation location, string? temporary) => (Location, _temporary) = (location, temporary);

    public ShopLocation Location { get; }

    /// <exception cref="InputException">There is a shop already.</exception>
    public static async Task<DemoPlace> OfAsync(ShopLocation? kept, CancellationToken cancellation)
    {
        if (kept is null)
        {
            string folder = Directory.CreateTempSubdirectory("recommender-demo-").FullName;
            return new DemoPlace(ShopLocation.Parse(folder), folder);
        }
        if (await kept.ExistsAsync(cancellation)) throw new InputException($"there is a shop in {kept} already; name another place with --store");
        return new DemoPlace(kept, null);
    }

    public void Dispose()
    {
        if (_temporary is not null) Directory.Delete(_temporary, recursive: true);
    }
}
