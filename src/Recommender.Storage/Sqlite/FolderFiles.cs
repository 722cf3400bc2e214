namespace Recommender.Storage.Sqlite;

/// <summary>The owner's files, in the shop's folder.</summary>
/// <param name="folder">Absolute.</param>
internal sealed class FolderFiles(string folder) : IShopFiles
{
    public string PlaceOf(string name) => Path.Combine(folder, name);

    public async Task<byte[]?> FindAsync(string name, CancellationToken cancellation)
    {
        try { return await File.ReadAllBytesAsync(PlaceOf(name), cancellation); }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException) { return null; }
    }

    public async Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        DurableDirectory.Make(folder);
        // A name of its own: of two who write at once neither finds the other's half.
        string written = $"{PlaceOf(name)}.{Guid.NewGuid():N}.new";
        try
        {
            await using (var file = new FileStream(written, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(content, cancellation);
                file.Flush(flushToDisk: true);
            }
            File.Move(written, PlaceOf(name), overwrite: true);
        }
        finally { File.Delete(written); }
        DurableDirectory.Flush(folder);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
