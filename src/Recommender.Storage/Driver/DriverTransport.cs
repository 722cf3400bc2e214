using MongoDB.Bson;
using MongoDB.Driver;
using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;

namespace Recommender.Storage.Driver;

/// <summary>Through MongoDB's .NET driver, which waits without threads: one client for what is quick and one, made when it is needed, for what is slow.</summary>
internal sealed class DriverTransport : IMongoTransport
{
    private readonly DriverClient _quick;
    private readonly DriverClient _slow;

    /// <exception cref="StoreException">The driver does not take the URI.</exception>
    public DriverTransport(string uri, MongoOptions options)
    {
        DriverSettings.Check(uri);
        _quick = new DriverClient(() => DriverSettings.Of(uri, options), options.MostWaiting);
        _slow = new DriverClient(() => DriverSettings.OfSlow(uri, options), options.MostWaiting);
    }

    public async Task<BsonReply> RunAsync(string database, ReadOnlyMemory<byte> command, MongoTarget target, TimeSpan timeout, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ending.CancelAfter(timeout);
        var client = target == MongoTarget.PrimarySlowly ? _slow : _quick;
        // The driver may still be sending it when it has been cancelled: it gets bytes of its own.
        var document = new RawBsonDocument(command.ToArray());
        try
        {
            var preference = target == MongoTarget.Preferred ? null : ReadPreference.Primary;
            using var reply = await client.RunAsync(database, document, preference, ending.Token);
            return Reply(reply);
        }
        catch (MongoWriteConcernException unconfirmed) when (unconfirmed.Result is not null) { return new BsonReply(unconfirmed.Result.ToBson()); }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new Mongo.MongoConnectionException($"no answer within {timeout.TotalSeconds:0.#} s", timedOut: true, late);
        }
        catch (Exception failure)
        {
            if (DriverFailure.Of(failure, client.State) is { } problem) throw problem;
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        _quick.Dispose();
        _slow.Dispose();
        return ValueTask.CompletedTask;
    }

    private static BsonReply Reply(RawBsonDocument reply)
    {
        var bytes = reply.Slice.AccessBackingBytes(0);
        if (bytes.Count >= reply.Slice.Length) return new BsonReply(bytes.AsSpan(0, reply.Slice.Length));
        // In several chunks.
        byte[] joined = new byte[reply.Slice.Length];
        reply.Slice.GetBytes(0, joined, 0, joined.Length);
        return new BsonReply(joined);
    }
}
