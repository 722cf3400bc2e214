using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>The owner's files, a document each.</summary>
internal sealed class MongoFiles(IMongoTransport transport, MongoDatabase database) : IShopFiles
{
    private readonly MongoCollection _files = database.Collection(MongoCollections.Files);

    public string PlaceOf(string name) => $"{name} in the collection {MongoCollections.Files} of the database {database.Name}";

    public Task<byte[]?> FindAsync(string name, CancellationToken cancellation) => _files.FindByIdAsync(name, ReadContent, cancellation);

    public async Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        using var document = new BsonWriter();
        document.String("_id", name).Binary("content", content.Span).Instant("written_at", database.Time.GetUtcNow());
        await _files.ReplaceAsync([(name, document.Close())], cancellation);
    }

    public ValueTask DisposeAsync() => transport.DisposeAsync();

    private static byte[] ReadContent(ReadOnlySpan<byte> document)
    {
        var fields = new BsonReader(document);
        return fields.Find("content"u8) ? fields.Binary().ToArray() : throw new InvalidBsonException("A file has no content.");
    }
}
