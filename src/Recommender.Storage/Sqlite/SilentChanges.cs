using System.Runtime.CompilerServices;

namespace Recommender.Storage.Sqlite;

/// <summary>One process has the folder for itself: nobody else changes anything.</summary>
internal sealed class SilentChanges : IChangeFeed
{
    public async IAsyncEnumerable<StoreChanges> WatchAsync(Tenant tenant, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        yield break;
    }
}
