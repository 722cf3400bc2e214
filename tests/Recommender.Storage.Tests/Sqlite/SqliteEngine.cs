using Recommender.Storage.Sqlite;
using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Sqlite;

/// <summary>Real files in a folder that goes with the test.</summary>
public sealed class SqliteEngine : IStoreEngine
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("recommender-store-").FullName;

    public string File => Path.Combine(Folder, "shop.db");

    public async Task<IShopStore> OpenAsync(CancellationToken cancellation) => await SqliteShopStore.OpenAsync(Folder, TimeProvider.System, cancellation);

    public Task<IShopFiles> OpenFilesAsync(CancellationToken cancellation) => ShopLocation.Parse(Folder).OpenFilesAsync(cancellation);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
