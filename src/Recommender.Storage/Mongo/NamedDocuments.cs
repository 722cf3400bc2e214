using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>A collection of texts by tenant and name: <c>{_id, tenant, value}</c>; a value that is JSON is a subdocument.</summary>
/// <param name="owner">What a document is called when something is wrong with it.</param>
internal sealed class NamedDocuments(MongoDatabase database, string collection, string owner)
{
    private readonly MongoCollection _documents = database.Collection(collection);
    private readonly KeyedDocuments<string> _keyed = new(database.Collection(collection), Read);

    public Task<string?> FindAsync(Tenant tenant, string name, CancellationToken cancellation) => _keyed.FindAsync(tenant, name, cancellation);

    public Task SetAsync(Tenant tenant, string name, string value, CancellationToken cancellation)
    {
        var (key, document) = Document(tenant, name, value, Stamp.New());
        return _documents.ReplaceAsync([(key, document)], cancellation);
    }

    public Task<bool> TryAddAsync(Tenant tenant, string name, string value, CancellationToken cancellation)
    {
        string stamp = Stamp.New();
        var (key, document) = Document(tenant, name, value, stamp);
        return _documents.TryInsertStampedAsync(key, document, stamp, cancellation);
    }

    public Task DeleteAsync(Tenant tenant, string name, CancellationToken cancellation) => _keyed.DeleteAsync(tenant, [name], cancellation);

    public static void Write(BsonWriter document, Tenant tenant, string name, string value, string stamp) => document
        .String("_id", BsonDomain.Key(tenant, name)).String("tenant", tenant.Id).Json("value", value).String(Stamp.Field, stamp);

    private (string Key, ReadOnlyMemory<byte> Document) Document(Tenant tenant, string name, string value, string stamp)
    {
        Storable.RequireId(name, owner, 0);
        Storable.RequireNotNull(value, owner, name, "value");
        return (BsonDomain.Key(tenant, name), MongoCollection.DocumentOf(writer => Write(writer, tenant, name, value, stamp)));
    }

    public static string Read(ReadOnlySpan<byte> document)
    {
        var fields = new BsonReader(document);
        return fields.Find("value"u8) ? fields.Json() : throw new InvalidBsonException("A named value has no value.");
    }
}
