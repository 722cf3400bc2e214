using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>What an answer to a write says besides what became of each one: that another server took over, or that the write is not yet on enough of them.</summary>
internal static class WriteConcernError
{
    /// <summary>
    /// Null if the write is confirmed; else why it is not. What several servers answer through a router can have the first kind among the
    /// errors of single writes.
    /// </summary>
    public static MongoCommandException? Of(ReadOnlySpan<byte> reply)
    {
        WriteError? problem = null;
        IReadOnlyList<string> labels = [];
        var fields = new BsonReader(reply);
        while (fields.Read())
        {
            if (fields.Is("writeConcernError"u8)) problem = WriteError.Read(fields.Document());
            else if (fields.Is("writeErrors"u8)) problem ??= FirstTransient(fields.Document());
            else if (fields.Is("errorLabels"u8)) labels = fields.Strings();
        }
        return problem is { } found ? new MongoCommandException(found.Code, found.Message, labels) : null;
    }

    private static WriteError? FirstTransient(ReadOnlySpan<byte> errors)
    {
        var each = new BsonReader(errors);
        while (each.Read())
        {
            var error = WriteError.Read(each.Document());
            if (MongoErrorCodes.IsTransient(error.Code)) return error;
        }
        return null;
    }
}
