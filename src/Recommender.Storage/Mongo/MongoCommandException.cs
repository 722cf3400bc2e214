namespace Recommender.Storage.Mongo;

/// <summary>The server refused a command.</summary>
/// <param name="code">MongoDB's error code, such as 11000 for a duplicate key.</param>
/// <param name="command">The command and its collection, where they are known.</param>
internal sealed class MongoCommandException(int code, string reason, IReadOnlyList<string> labels, string? command = null, Exception? inner = null)
    : StoreException(command is null ? $"MongoDB refuses a command (code {code}): {reason}" : $"MongoDB refuses \"{command}\" (code {code}): {reason}", inner)
{
    public int Code => code;

    /// <summary>In the server's own words.</summary>
    public string Reason => reason;

    public IReadOnlyList<string> Labels => labels;

    /// <summary>The same, with what was refused.</summary>
    public MongoCommandException Of(string refused) => new(code, reason, labels, refused, this);
}
