namespace Recommender.Storage.Mongo;

/// <summary>The server refused a command.</summary>
/// <param name="code">MongoDB's error code, such as 11000 for a duplicate key.</param>
internal sealed class MongoCommandException(int code, string message, IReadOnlyList<string> labels) : Exception(message)
{
    public int Code => code;

    public IReadOnlyList<string> Labels => labels;
}
