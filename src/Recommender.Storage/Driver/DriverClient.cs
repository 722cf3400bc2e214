using System.Security.Cryptography;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;

namespace Recommender.Storage.Driver;

/// <summary>A client made by the first command, because looking up the servers of a <c>mongodb+srv</c> URI takes time; and how many wait for it.</summary>
internal sealed class DriverClient(Func<MongoClientSettings> settings, int mostWaiting) : IDisposable
{
    private readonly Lock _gate = new();
    private MongoClient? _client;
    private bool _isDisposed;
    private int _underWay;

    /// <summary>What is known of the servers; null before the first command.</summary>
    public ClusterDescription? State => _client?.Cluster.Description;

    public async Task<RawBsonDocument> RunAsync(string database, RawBsonDocument command, ReadPreference? preference, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var client = _client ?? await Task.Run(Open, cancellation);
        try
        {
            int most = client.Settings.MaxConnectionPoolSize + mostWaiting;
            if (Interlocked.Increment(ref _underWay) > most) throw new Mongo.MongoConnectionException($"{most} commands are under way or wait for a connection", timedOut: false);
            return await client.GetDatabase(database).RunCommandAsync(new BsonDocumentCommand<RawBsonDocument>(command), preference ?? client.Settings.ReadPreference, cancellation);
        }
        finally { Interlocked.Decrement(ref _underWay); }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _client?.Dispose();
        }
    }

    private MongoClient Open()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            try { return _client ??= new MongoClient(settings()); }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                // A name that cannot be looked up now may be the next time; a file of certificates stays as it is.
                throw new Mongo.MongoConnectionException(problem.Message, timedOut: false, problem) { IsLasting = problem is IOException or CryptographicException or UnauthorizedAccessException };
            }
        }
    }
}
