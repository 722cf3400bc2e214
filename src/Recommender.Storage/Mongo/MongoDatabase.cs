using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// The database of a shop: runs its commands, again where a server moved or a connection broke, until the time is over. So every command given to it
/// must do no harm twice.
/// </summary>
internal sealed class MongoDatabase(IMongoTransport transport, string name, MongoOptions options, TimeProvider time)
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(500);
    private long _commandsRun;

    private volatile string? _closedToWrites;

    public string Name => name;

    public TimeProvider Time => time;

    /// <summary>Commands sent so far, each repetition counted: how many round trips something costs.</summary>
    public long CommandsRun => Interlocked.Read(ref _commandsRun);

    public MongoCollection Collection(string collection) => new(this, collection);

    /// <summary>Makes sure that there is a server and that it lets us in.</summary>
    /// <exception cref="StoreUnavailableException">No server answered within <see cref="MongoOptions.LongestOpening"/>.</exception>
    /// <exception cref="StoreException">It refuses us, or is not to be trusted.</exception>
    public async Task ConnectAsync(CancellationToken cancellation)
    {
        var until = time.GetUtcNow() + options.LongestOpening;
        using var deadline = StoreDeadline.Use(StoreDeadline.Current < until ? StoreDeadline.Current : until);
        (await RunAsync(command => command.Int32("ping", 1), MongoTarget.Primary, cancellation)).Dispose();
    }

    /// <summary>Runs a command that changes something, majority and journal asked for, on the primary.</summary>
    /// <exception cref="StoreTooNewException">A newer version has taken the database over.</exception>
    public Task<BsonReply> WriteAsync(Action<BsonWriter> command, CancellationToken cancellation) =>
        _closedToWrites is { } reason ? Task.FromException<BsonReply>(new StoreTooNewException(reason)) : RunAsync(writer =>
    {
        command(writer);
        writer.BeginDocument("writeConcern").String("w", "majority").Boolean("j", true).End();
    }, MongoTarget.Primary, cancellation);

    /// <summary>From now on no write is made: what is stored is not what this version knows.</summary>
    public void CloseToWrites(string reason) => _closedToWrites = reason;

    /// <summary>Runs a command for as long as <see cref="MongoOptions.LongestOperation"/> and <see cref="StoreDeadline"/> allow.</summary>
    /// <exception cref="StoreUnavailableException">No primary answered in time, or it did not confirm a write.</exception>
    /// <exception cref="StoreTimeoutException">The time was over before the answer.</exception>
    /// <exception cref="StoreFullException">There is no room for a write.</exception>
    /// <exception cref="StoreException">The server refuses this user, or is not to be trusted.</exception>
    /// <exception cref="MongoCommandException">The command was refused for another reason.</exception>
    public async Task<BsonReply> RunAsync(Action<BsonWriter> command, MongoTarget target, CancellationToken cancellation)
    {
        var until = time.GetUtcNow() + (target == MongoTarget.PrimarySlowly ? options.LongestSlowOperation : options.LongestOperation);
        if (StoreDeadline.Current < until) until = StoreDeadline.Current.Value;
        var pause = _firstPause;
        Exception? before = null;
        while (true)
        {
            var left = until - time.GetUtcNow();
            if (left <= TimeSpan.Zero) throw Unanswered(new MongoConnectionException("the caller's time is over", timedOut: true), before);
            Exception problem;
            try
            {
                return await TryAsync(command, target, left, cancellation);
            }
            catch (MongoCommandException refusal) when (MongoErrorCodes.IsTransient(refusal)) { problem = refusal; }
            catch (MongoCommandException refusal)
            {
                if (Explained(refusal) is { } explained) throw explained;
                throw;
            }
            catch (MongoConnectionException broken) when (!broken.IsLasting) { problem = broken; }
            catch (MongoConnectionException broken) { throw new StoreException($"MongoDB cannot be used: {broken.Message}", broken); }
            if (time.GetUtcNow() + pause >= until) throw Unanswered(problem, before);
            before = problem;
            await Task.Delay(pause, time, cancellation);
            pause = pause * 2 < _longestPause ? pause * 2 : _longestPause;
        }
    }

    private async Task<BsonReply> TryAsync(Action<BsonWriter> command, MongoTarget target, TimeSpan left, CancellationToken cancellation)
    {
        var writer = new BsonWriter();
        command(writer);
        writer.Int32("maxTimeMS", (int)Math.Clamp(left.TotalMilliseconds, 1, int.MaxValue));
        Interlocked.Increment(ref _commandsRun);
        var document = writer.Close();
        BsonReply reply;
        try { reply = await transport.RunAsync(name, document, target, left, cancellation); }
        catch (MongoCommandException refusal) { throw refusal.Of(NameOf(document.Span)); }
        // Only now: where the waiting was given up, the bytes may still be on their way, and are left to the garbage collector.
        writer.Dispose();
        if (WriteConcernError.Of(reply.Document) is not { } unconfirmed) return reply;
        reply.Dispose();
        if (MongoErrorCodes.IsTransient(unconfirmed) || unconfirmed.Code == MongoErrorCodes.MaxTimeExpired) throw unconfirmed;
        throw new StoreUnavailableException($"MongoDB did not confirm a write: {unconfirmed.Reason}", unconfirmed);
    }

    /// <summary>What a command is called and what it is about: "find events".</summary>
    private static string NameOf(ReadOnlySpan<byte> command)
    {
        var fields = new BsonReader(command);
        return !fields.Read() ? "" : fields.Type == BsonType.String ? $"{fields.Name} {fields.String()}" : fields.Name;
    }

    /// <param name="before">Why the attempts before it failed: says more than that the last one had no time left.</param>
    private static StoreException Unanswered(Exception problem, Exception? before) => (problem, before) switch
    {
        (MongoConnectionException { TimedOut: true }, not null and not MongoConnectionException { TimedOut: true }) => Unanswered(before, null),
        (MongoConnectionException { TimedOut: true }, _) => new StoreTimeoutException($"MongoDB did not answer in time: {problem.Message}", problem),
        (MongoConnectionException, _) => new StoreUnavailableException($"MongoDB cannot be reached: {problem.Message}", problem),
        _ => new StoreUnavailableException($"MongoDB did not carry out a command: {problem.Message}", problem),
    };

    private static StoreException? Explained(MongoCommandException refusal) => refusal.Code switch
    {
        MongoErrorCodes.MaxTimeExpired => new StoreTimeoutException($"MongoDB ended an operation that took too long: {refusal.Reason}", refusal),
        int code when MongoErrorCodes.IsFull(code) => new StoreFullException($"MongoDB has no room: {refusal.Reason}. Make room; nothing of this write is kept."),
        int code when MongoErrorCodes.IsForbidden(code) => new StoreException(
            $"MongoDB refuses this user: {refusal.Reason.TrimEnd('.')}. Check the name, the password, authSource and the roles.", refusal),
        _ => null,
    };
}
