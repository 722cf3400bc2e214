using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>Reads the answer of a server that would not.</summary>
internal static class ServerError
{
    /// <summary>The refusal; null if the document is none.</summary>
    public static MongoCommandException? Of(ReadOnlySpan<byte> reply)
    {
        var (code, message) = (0, "");
        IReadOnlyList<string> labels = [];
        var fields = new BsonReader(reply);
        while (fields.Read())
        {
            if (fields.Is("code"u8)) code = fields.Int32();
            else if (fields.Is("errmsg"u8)) message = fields.String();
            else if (fields.Is("errorLabels"u8)) labels = fields.Strings();
        }
        return code == 0 && message.Length == 0 ? null : new MongoCommandException(code, message, labels);
    }
}
