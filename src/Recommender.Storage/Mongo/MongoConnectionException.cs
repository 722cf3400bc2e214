namespace Recommender.Storage.Mongo;

/// <summary>There was no answer; whether the command was carried out is not known.</summary>
/// <param name="timedOut">The caller's time was over; otherwise there was no server or the connection broke.</param>
internal sealed class MongoConnectionException(string message, bool timedOut, Exception? inner = null) : Exception(message, inner)
{
    public bool TimedOut => timedOut;

    /// <summary>Trying again will not help: the server's certificate is not one to trust, or ours cannot be used.</summary>
    public bool IsLasting { get; init; }
}
