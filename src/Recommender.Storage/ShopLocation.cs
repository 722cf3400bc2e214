using Recommender.Storage.Mongo;
using Recommender.Storage.Sqlite;

namespace Recommender.Storage;

/// <summary>
/// Where a shop is kept: a folder, or the URI of a MongoDB. Nothing above this project knows which.
/// </summary>
public abstract record ShopLocation
{
    /// <exception cref="UnusableLocationException">It looks like a URI and is none that can be used; says what is wrong with
    /// it, without its password.</exception>
    public static ShopLocation Parse(string text) =>
        text.StartsWith("mongodb://", StringComparison.Ordinal) || text.StartsWith("mongodb+srv://", StringComparison.Ordinal)
            ? new MongoLocation(text)
            : new FolderLocation(Path.GetFullPath(text));

    /// <summary>Whether there is a shop; does not make one.</summary>
    public abstract Task<bool> ExistsAsync(CancellationToken cancellation);

    /// <summary>Opens the shop, making it where there is none.</summary>
    /// <exception cref="StoreException">It is in use, damaged, out of reach or written by a newer version.</exception>
    public abstract Task<IShopStore> OpenAsync(TimeProvider time, CancellationToken cancellation);

    public abstract Task<IShopFiles> OpenFilesAsync(CancellationToken cancellation);

    /// <summary>"SQLite" or "MongoDB".</summary>
    public abstract string Engine { get; }

    /// <summary>Its folder on this machine; null where it is elsewhere.</summary>
    public virtual string? LocalFolder => null;

    /// <summary>What it takes on this machine's disk, models included; null where it is elsewhere.</summary>
    public virtual long? BytesOnDisk() => null;

    /// <summary>For people and logs: without a password.</summary>
    public abstract override string ToString();
}
