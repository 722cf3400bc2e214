using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>What a server answers to a write.</summary>
internal static class MongoReplies
{
    public static UpdateResult ReadUpdate(BsonReply reply)
    {
        long matched = 0, inserted = 0;
        var fields = reply.Read();
        while (fields.Read())
        {
            if (fields.Is("n"u8)) matched = fields.Int64();
            if (!fields.Is("upserted"u8)) continue;
            var upserted = new BsonReader(fields.Document());
            while (upserted.Read()) inserted++;
        }
        return new UpdateResult(matched, inserted);
    }

    public static long ReadCount(ReadOnlySpan<byte> document)
    {
        var fields = new BsonReader(document);
        return fields.Find("n"u8) ? fields.Int64() : 0;
    }

    public static List<WriteError> WriteErrors(BsonReply reply)
    {
        var errors = new List<WriteError>();
        var fields = reply.Read();
        if (!fields.Find("writeErrors"u8)) return errors;
        var each = new BsonReader(fields.Document());
        while (each.Read()) errors.Add(WriteError.Read(each.Document()));
        return errors;
    }
}
