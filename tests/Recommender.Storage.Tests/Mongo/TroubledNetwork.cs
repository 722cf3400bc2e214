using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>A real transport whose network misbehaves as it is told to: commands do not arrive, or arrive and their answers are lost. It counts commands.</summary>
internal sealed class TroubledNetwork(IMongoTransport real) : IMongoTransport
{
    private long _commands;

    public long Commands => Interlocked.Read(ref _commands);

    /// <summary>Given a command's name: whether its answer is lost.</summary>
    public Func<string, bool> LosesAnswer { get; set; } = _ => false;

    /// <summary>Whether nothing arrives at all.</summary>
    public bool IsCut { get; set; }

    /// <summary>Awaited before a command of that name is sent.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    public async Task<BsonReply> RunAsync(string database, ReadOnlyMemory<byte> command, MongoTarget target, TimeSpan timeout, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _commands);
        byte[] copy = command.ToArray();
        string name = NameOf(copy);
        if (IsCut) throw new MongoConnectionException("the network is cut", timedOut: false);
        await Before(name);
        var reply = await real.RunAsync(database, copy, target, timeout, cancellation);
        if (!LosesAnswer(name)) return reply;
        reply.Dispose();
        throw new MongoConnectionException("the answer is lost", timedOut: false);
    }

    public ValueTask DisposeAsync() => real.DisposeAsync();

    private static string NameOf(byte[] command)
    {
        var fields = new BsonReader(command);
        return fields.Read() ? fields.Name : "";
    }
}
