namespace Recommender.Storage.Sqlite;

/// <param name="Folder">Absolute.</param>
internal sealed record FolderLocation(string Folder) : ShopLocation
{
    public override Task<bool> ExistsAsync(CancellationToken cancellation) => Task.FromResult(File.Exists(Path.Combine(Folder, "shop.db")));

    public override async Task<IShopStore> OpenAsync(TimeProvider time, CancellationToken cancellation) =>
        await SqliteShopStore.OpenAsync(Folder, time, cancellation);

    public override Task<IShopFiles> OpenFilesAsync(CancellationToken cancellation) => Task.FromResult<IShopFiles>(new FolderFiles(Folder));

    public override string Engine => "SQLite";

    public override string? LocalFolder => Folder;

    public override long? BytesOnDisk() => new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public override string ToString() => Folder;
}
