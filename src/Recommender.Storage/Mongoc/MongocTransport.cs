using System.Collections.Concurrent;
using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;

namespace Recommender.Storage.Mongoc;

/// <summary>
/// Through libmongoc, whose calls block: a bounded number of threads of its own makes them, each with a client of the pool. Who gives up waiting is
/// free at once; the thread ends its call and throws the answer away.
/// </summary>
internal sealed class MongocTransport : IMongoTransport
{
    private readonly BlockingCollection<Call> _calls = [];
    private readonly Thread[] _threads;
    private readonly nint _pool;

    public MongocTransport(string uri, MongoOptions options)
    {
        Native.Initialise();
        nint parsed = Parse(uri);
        _pool = Native.NewPool(parsed);
        Native.DestroyUri(parsed);
        Native.LimitPool(_pool, (uint)options.Connections);
        Native.SetErrorVersion(_pool, 2);
        _threads = [.. Enumerable.Range(0, options.Connections).Select(number => new Thread(Work) { IsBackground = true, Name = $"mongoc {number}" })];
        foreach (var thread in _threads) thread.Start();
    }

    public async Task<BsonReply> RunAsync(string database, ReadOnlyMemory<byte> command, MongoTarget target, TimeSpan timeout, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var call = new Call(database, command.ToArray(), target);
        _calls.Add(call, cancellation);
        try { return await call.Answer.Task.WaitAsync(timeout, cancellation); }
        catch (TimeoutException late) { throw new MongoConnectionException($"no answer within {timeout.TotalSeconds:0.#} s", timedOut: true, late); }
    }

    public ValueTask DisposeAsync()
    {
        _calls.CompleteAdding();
        foreach (var thread in _threads) thread.Join();
        _calls.Dispose();
        Native.DestroyPool(_pool);
        return ValueTask.CompletedTask;
    }

    private void Work()
    {
        nint client = Native.Pop(_pool);
        foreach (var call in _calls.GetConsumingEnumerable())
        {
            try { call.Answer.TrySetResult(Run(client, call)); }
            catch (Exception problem) when (problem is MongoCommandException or MongoConnectionException or InvalidBsonException) { call.Answer.TrySetException(problem); }
        }
        Native.Push(_pool, client);
    }

    private static unsafe nint Parse(string uri)
    {
        BsonError error = default;
        nint parsed = Native.NewUri(uri, &error);
        return parsed != 0 ? parsed : throw new ArgumentException($"The URI of the store cannot be used: {error}", nameof(uri));
    }

    private static unsafe BsonReply Run(nint client, Call call)
    {
        // bson_t wants an alignment that the stack does not promise.
        byte* space = stackalloc byte[3 * sizeof(BsonHandle)];
        var command = (BsonHandle*)(((nint)space + sizeof(BsonHandle) - 1) & -sizeof(BsonHandle));
        var reply = command + 1;
        BsonError error = default;
        fixed (byte* bytes = call.Command)
        {
            Native.Borrow(command, bytes, (nuint)call.Command.Length);
            bool done = Native.Command(client, call.Database, command, call.Target == MongoTarget.Preferred ? Native.ReadPreferenceOf(client) : 0, null, reply, &error);
            try
            {
                var answer = new ReadOnlySpan<byte>(Native.DataOf(reply), (int)reply->Length);
                if (done) return new BsonReply(answer);
                throw ServerError.Of(answer) is { } refusal ? refusal : new MongoConnectionException(error.ToString(), timedOut: false);
            }
            finally { Native.Destroy(reply); }
        }
    }

    private sealed record Call(string Database, byte[] Command, MongoTarget Target)
    {
        public TaskCompletionSource<BsonReply> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
