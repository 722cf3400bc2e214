using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// Files in GridFS's two collections, so that <c>mongofiles --prefix models</c> and every driver read them. The pieces come first, the entry last: a file
/// is there whole or not at all.
/// </summary>
internal sealed class GridFiles(MongoDatabase database)
{
    private const int ChunkBytes = 1 << 20;

    // An answer holds 16 MB.
    private const int ChunksTogether = 8;

    private readonly MongoCollection _files = database.Collection(MongoCollections.ModelFiles);
    private readonly MongoCollection _chunks = database.Collection(MongoCollections.ModelChunks);

    /// <summary>Writes the pieces of a file; how many bytes.</summary>
    public async Task<long> WriteChunksAsync(string id, Stream content, CancellationToken cancellation)
    {
        byte[] piece = new byte[ChunkBytes];
        long length = 0;
        for (int n = 0, read; (read = await content.ReadAtLeastAsync(piece, ChunkBytes, throwOnEndOfStream: false, cancellation)) > 0; n++, length += read)
        {
            // Its key is its place, so that a piece sent twice is there once.
            await _chunks.InsertAsync(1, (chunk, _) => chunk.String("_id", $"{id}/{n}").String("files_id", id).Int32("n", n).Binary("data", piece.AsSpan(0, read)), cancellation);
        }
        return length;
    }

    /// <summary>Enters a file whose pieces are there; false if there is one of its id.</summary>
    public Task<bool> TryEnterAsync(string id, string name, long length, Action<BsonWriter> metadata, CancellationToken cancellation) => _files.TryInsertAsync(file => file
        .String("_id", id).Int64("length", length).Int32("chunkSize", ChunkBytes).Date("uploadDate", database.Time.GetUtcNow().ToUnixTimeMilliseconds()).String("filename", name)
        .Document("metadata", metadata), cancellation);

    /// <exception cref="InvalidBsonException">A piece is missing.</exception>
    public async Task ReadAsync(string id, Stream target, CancellationToken cancellation)
    {
        int next = 0;
        List<byte[]> pieces;
        do
        {
            int from = next;
            pieces = await _chunks.FindAsync(filter => filter.String("files_id", id).BeginDocument("n").Int32("$gte", from).Int32("$lt", from + ChunksTogether).End(),
                sort => sort.Int32("n", 1), ChunksTogether, ReadPiece, MongoTarget.Primary, cancellation);
            foreach (byte[] piece in pieces) await target.WriteAsync(piece, cancellation);
            next += pieces.Count;
        }
        while (pieces.Count == ChunksTogether);
    }

    public async Task RemoveAsync(string id, CancellationToken cancellation)
    {
        await _files.DeleteByIdsAsync([id], cancellation);
        await _chunks.DeleteAsync(filter => filter.String("files_id", id), all: true, cancellation);
    }

    private static byte[] ReadPiece(ReadOnlySpan<byte> document)
    {
        var fields = new BsonReader(document);
        return fields.Find("data"u8) ? fields.Binary().ToArray() : throw new InvalidBsonException("A piece of a file has no data.");
    }
}
