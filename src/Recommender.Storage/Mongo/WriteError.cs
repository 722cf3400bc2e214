using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>What became of one write of several that was not made.</summary>
internal readonly record struct WriteError(int Index, int Code, string Message)
{
    public static WriteError Read(ReadOnlySpan<byte> document)
    {
        var (index, code, message) = (0, 0, "");
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("index"u8)) index = fields.Int32();
            if (fields.Is("code"u8)) code = fields.Int32();
            if (fields.Is("errmsg"u8)) message = fields.String();
        }
        return new(index, code, message);
    }

    public StoreException Refusal(string collection) => MongoErrorCodes.IsFull(Code)
        ? new StoreFullException($"MongoDB has no room: {Message}. Make room; nothing of this write is kept.")
        : new MongoCommandException(Code, Message, [], $"write to {collection}");
}
