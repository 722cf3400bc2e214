using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;

namespace Recommender.Storage.Mongoc;

/// <summary>One command on its way: waiting, then made by a thread, then answered; or given up, and then its answer is thrown away.</summary>
internal sealed class MongocCall(string database, ReadOnlyMemory<byte> command, MongoTarget target)
{
    // mongoc-error.h
    private const uint ClientDomain = 1;
    private const uint AuthenticateCode = 11;

    private readonly TaskCompletionSource<BsonReply> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<BsonReply> Answer => _answer.Task;

    public int Bytes => command.Length;

    /// <summary>Nobody waits for the answer any longer.</summary>
    public void GiveUp()
    {
        // It may have failed a moment ago; then nobody else will have looked at why.
        if (!_answer.TrySetCanceled()) _ = _answer.Task.Exception;
    }

    public void Fail(Exception problem) => _answer.TrySetException(problem);

    /// <summary>Blocks until there is an answer or none will come.</summary>
    public unsafe void Run(MongocClient client)
    {
        // bson_t wants an alignment that the stack does not promise.
        byte* space = stackalloc byte[3 * sizeof(BsonHandle)];
        var borrowed = (BsonHandle*)(((nint)space + sizeof(BsonHandle) - 1) & -sizeof(BsonHandle));
        var reply = borrowed + 1;
        BsonError error = default;
        using var pinned = command.Pin();
        if (!Native.Borrow(borrowed, (byte*)pinned.Pointer, (nuint)command.Length)) throw new InvalidBsonException($"A command of {command.Length} bytes is no document.");
        nint preference = target == MongoTarget.Preferred ? Native.ReadPreferenceOf(client.Pointer) : 0;
        bool done = Native.Command(client.Pointer, database, borrowed, preference, null, reply, &error);
        try
        {
            var answer = new ReadOnlySpan<byte>(Native.DataOf(reply), (int)reply->Length);
            if (done) Succeed(new BsonReply(answer));
            else Fail((Exception?)ServerError.Of(answer) ?? NoAnswer(error));
        }
        finally { Native.Destroy(reply); }
    }

    private void Succeed(BsonReply reply)
    {
        if (!_answer.TrySetResult(reply)) reply.Dispose();
    }

    private static Exception NoAnswer(BsonError error)
    {
        string message = error.ToString();
        if (error.Domain == ClientDomain && error.Code == AuthenticateCode && !IsBroken(message)) return new MongoCommandException(MongoErrorCodes.AuthenticationFailed, message, []);
        return new MongoConnectionException(message, timedOut: false) { IsLasting = IsUntrusted(message) };
    }

    // libmongoc has no code of its own for these: they are reasons inside the message that no server was found.
    private static bool IsUntrusted(string message) =>
        message.Contains("certificate", StringComparison.OrdinalIgnoreCase) || message.Contains("initialize TLS state", StringComparison.Ordinal);

    // Whoever loses the connection while giving the password was not refused.
    private static bool IsBroken(string message) =>
        message.Contains("socket", StringComparison.OrdinalIgnoreCase) || message.Contains("time", StringComparison.OrdinalIgnoreCase)
        || message.Contains("Failed to read", StringComparison.Ordinal) || message.Contains("Failed to send", StringComparison.Ordinal);
}
