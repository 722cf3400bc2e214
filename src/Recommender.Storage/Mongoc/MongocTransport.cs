using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;

namespace Recommender.Storage.Mongoc;

/// <summary>
/// Through libmongoc, whose calls block: a bounded number of threads of its own makes them. Who gives up waiting is free at once; the thread ends its
/// call and throws the answer away.
/// </summary>
internal sealed class MongocTransport : IMongoTransport
{
    // A server that hangs holds its threads for as long as its connections may be silent; they are left behind, with what they use.
    private static readonly TimeSpan _longestClosing = TimeSpan.FromSeconds(2);

    private readonly MongocLane _quick;
    private readonly MongocLane _slow;

    /// <exception cref="StoreException">libmongoc is not installed, or does not take the URI.</exception>
    public MongocTransport(string uri, MongoOptions options)
    {
        int connections = MongocPool.Limit(uri, options.Connections), slowly = options.SlowConnections;
        _quick = new("quick", connections, options, () => MongocPool.Open(uri, options, options.Silence, connections));
        _slow = new("slow", slowly, options, () => MongocPool.Open(uri, options, options.SlowSilence, slowly));
    }

    public async Task<BsonReply> RunAsync(string database, ReadOnlyMemory<byte> command, MongoTarget target, TimeSpan timeout, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var call = new MongocCall(database, command, target);
        var lane = target == MongoTarget.PrimarySlowly ? _slow : _quick;
        var place = lane.Add(call);
        try { return await call.Answer.WaitAsync(timeout, cancellation); }
        catch (TimeoutException late)
        {
            lane.GiveUp(place);
            throw new MongoConnectionException($"no answer within {timeout.TotalSeconds:0.#} s", timedOut: true, late);
        }
        catch (OperationCanceledException)
        {
            lane.GiveUp(place);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        var left = Task.WhenAll(_quick.CloseAsync(), _slow.CloseAsync());
        await Task.WhenAny(left, Task.Delay(_longestClosing));
    }
}
