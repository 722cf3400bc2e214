using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;
using Recommender.Storage.Mongoc;

namespace Recommender.Storage.Tests.Mongo;

public sealed class MongoTransportTests : IAsyncDisposable
{
    private readonly MongoEngine _engine = new();

    [Fact]
    public async Task A_document_comes_back_as_it_was_sent()
    {
        await using var transport = new MongocTransport(_engine.Uri, new MongoOptions());
        var things = new MongoDatabase(transport, _engine.Database, new MongoOptions(), TimeProvider.System).Collection("things");

        Assert.True(await things.TryInsertAsync(thing => thing.String("_id", "a\0b").Decimal("price", -12.950m).Strings("tags", ["x", "ü"]), TestContext.Current.CancellationToken));
        Assert.False(await things.TryInsertAsync(thing => thing.String("_id", "a\0b"), TestContext.Current.CancellationToken));

        string? found = await things.FindByIdAsync("a\0b", document =>
        {
            var fields = new BsonReader(document);
            string text = "";
            while (fields.Read()) text += fields.Is("price"u8) ? $"{fields.Decimal()};" : fields.Is("tags"u8) ? string.Join(',', fields.Strings()) : $"{fields.String().Length};";
            return text;
        }, TestContext.Current.CancellationToken);
        Assert.Equal("3;-12.950;x,ü", found);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
