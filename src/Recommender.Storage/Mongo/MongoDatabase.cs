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

    private volatile string? _closedToWrites;

    public string Name => name;

    public TimeProvider Time => time;

    public MongoCollection Collection(string collection) => new(this, collection);

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

    /// <exception cref="StoreUnavailableException">No primary answered in time.</exception>
    /// <exception cref="StoreTimeoutException">The time was over before the answer.</exception>
    /// <exception cref="MongoCommandException">The command was refused for another reason.</exception>
    public async Task<BsonReply> RunAsync(Action<BsonWriter> command, MongoTarget target, CancellationToken cancellation)
    {
        var until = time.GetUtcNow() + (target == MongoTarget.PrimarySlowly ? options.LongestSlowOperation : options.LongestOperation);
        var pause = _firstPause;
        while (true)
        {
            var left = until - time.GetUtcNow();
            try
            {
                using var writer = new BsonWriter();
                command(writer);
                writer.Int32("maxTimeMS", (int)Math.Max(1, left.TotalMilliseconds));
                return await transport.RunAsync(name, writer.Close(), target, left, cancellation);
            }
            catch (MongoCommandException refusal) when (MongoErrorCodes.IsTransient(refusal))
            {
                if (time.GetUtcNow() + pause >= until) throw new StoreUnavailableException($"MongoDB did not carry out a command: {refusal.Message}", refusal);
            }
            catch (MongoConnectionException broken)
            {
                if (time.GetUtcNow() + pause < until) { }
                else if (broken.TimedOut) throw new StoreTimeoutException($"MongoDB did not answer in time: {broken.Message}", broken);
                else throw new StoreUnavailableException($"MongoDB cannot be reached: {broken.Message}", broken);
            }
            catch (MongoCommandException refusal)
            {
                if (Explained(refusal) is { } explained) throw explained;
                throw;
            }
            await Task.Delay(pause, time, cancellation);
            pause = pause * 2 < _longestPause ? pause * 2 : _longestPause;
        }
    }

    private static StoreException? Explained(MongoCommandException refusal) => refusal.Code switch
    {
        MongoErrorCodes.MaxTimeExpired => new StoreTimeoutException($"MongoDB ended an operation that took too long: {refusal.Message}", refusal),
        int code when MongoErrorCodes.IsFull(code) => new StoreFullException($"MongoDB has no room: {refusal.Message}. Make room; nothing of this write is kept."),
        int code when MongoErrorCodes.IsForbidden(code) => new StoreException($"MongoDB refuses this user: {refusal.Message}. Check the name, the password, authSource and the roles."),
        _ => null,
    };
}
