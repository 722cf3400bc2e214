using System.Collections.Concurrent;
using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;

namespace Recommender.Storage.Tests.Mongo;

internal enum Fault
{
    None,

    /// <summary>The command is carried out, and the connection breaks before the answer.</summary>
    LoseAnswer,

    /// <summary>The process ends before the command, and with it everything after.</summary>
    Die,
}

/// <summary>The real transport, with faults where a test wants them.</summary>
internal sealed class FaultyTransport(IMongoTransport real) : IMongoTransport
{
    private bool _isDead;

    /// <summary>What is to happen at a command ("update", "contacts").</summary>
    public Func<string, string, Fault> FaultAt { get; set; } = (_, _) => Fault.None;

    /// <summary>Every query.</summary>
    public ConcurrentQueue<byte[]> Queries { get; } = [];

    public async Task<BsonReply> RunAsync(string database, ReadOnlyMemory<byte> command, MongoTarget target, TimeSpan timeout, CancellationToken cancellation)
    {
        var (name, collection) = Head(command.Span);
        if (name is "find" or "aggregate") Queries.Enqueue(command.ToArray());
        var fault = FaultAt(name, collection);
        if (_isDead |= fault == Fault.Die) throw new ProcessDiedException();
        var reply = await real.RunAsync(database, command, target, timeout, cancellation);
        if (fault == Fault.None) return reply;
        reply.Dispose();
        throw new MongoConnectionException("the answer was lost", timedOut: false);
    }

    public ValueTask DisposeAsync() => real.DisposeAsync();

    private static (string Name, string Collection) Head(ReadOnlySpan<byte> command)
    {
        var first = new BsonReader(command);
        return first.Read() && first.Type == BsonType.String ? (first.Name, first.String()) : (first.Name, "");
    }
}

internal sealed class ProcessDiedException() : Exception("the process is dead");
