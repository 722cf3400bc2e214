using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// A random mark in a document, of the write that made it what it is. A connection that broke before the answer leaves open whether a write was made;
/// sent again it does not apply any more, and its maker finds the own stamp.
/// </summary>
internal static class Stamp
{
    public const string Field = "stamp";

    public static string New() => Guid.NewGuid().ToString("N");

    public static string Read(ReadOnlySpan<byte> document)
    {
        var fields = new BsonReader(document);
        return fields.Find("stamp"u8) ? fields.String() : "";
    }

    /// <summary>Inserts a document that has this stamp; false if there is another of its key.</summary>
    public static async Task<bool> TryInsertStampedAsync(this MongoCollection collection, string key, ReadOnlyMemory<byte> document, string stamp, CancellationToken cancellation) =>
        (await collection.InsertAsync([document], cancellation)).Count == 0 || await collection.IsStampedAsync(key, stamp, cancellation);

    /// <summary>Whether a document is as the write of this stamp left it.</summary>
    public static async Task<bool> IsStampedAsync(this MongoCollection collection, string key, string stamp, CancellationToken cancellation) =>
        await collection.FindByIdAsync(key, Read, cancellation) == stamp;
}
