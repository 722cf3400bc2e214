using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// The way to one MongoDB deployment: finds its servers, keeps connections, and runs one command at a time. It tries nothing twice: what
/// may be repeated is known above.
/// </summary>
internal interface IMongoTransport : IAsyncDisposable
{
    /// <summary>Runs a command and returns the server's answer, whose <c>ok</c> is 1; errors of single writes stand inside.</summary>
    /// <param name="command">
    /// A whole document, its first field the command. It is not copied: once it was given up (cancelled, or timed out) it may still be read, so its buffer may
    /// be used again only after an answer or a refusal.
    /// </param>
    /// <param name="timeout">How long the caller waits; the work itself is ended by the command's own <c>maxTimeMS</c>.</param>
    /// <exception cref="MongoCommandException">The server answered that it would not.</exception>
    /// <exception cref="MongoConnectionException">No answer: no server, a broken connection, no time left. It may have been carried out.</exception>
    Task<BsonReply> RunAsync(string database, ReadOnlyMemory<byte> command, MongoTarget target, TimeSpan timeout, CancellationToken cancellation);
}

/// <summary>Which server is to answer.</summary>
internal enum MongoTarget
{
    /// <summary>The primary: writes, and whatever a decision rests on.</summary>
    Primary,

    /// <summary>Whichever the URI's read preference names.</summary>
    Preferred,

    /// <summary>The primary, for work that may take many minutes: building an index, counting a collection.</summary>
    PrimarySlowly,
}
