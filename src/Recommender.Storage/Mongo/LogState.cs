using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>What the document of a shop's log says.</summary>
/// <param name="Last">The last position given out.</param>
/// <param name="Now">The server's clock, where it was asked for; milliseconds since 1970.</param>
internal sealed record LogState(long Last, bool Forgets, IReadOnlyList<LogState.Slot> Open, IReadOnlyList<LogState.Slot> Lapsed, long Now)
{
    public static LogState Empty { get; } = new(0, false, [], [], 0);

    /// <summary>From this one on, positions are open, of a writer that is to be done by then.</summary>
    internal readonly record struct Slot(string Writer, long Number, long From, long Until);

    /// <summary>Nothing will appear at this position or before.</summary>
    public long Horizon => Open.Count == 0 ? Last : Math.Min(Last, Open.Min(slot => slot.From) - 1);

    public bool AnyOverdue => Open.Any(slot => slot.Until <= Now);

    public bool HasLapsed(string writer, long number) => Lapsed.Any(slot => slot.Writer == writer && slot.Number == number);

    /// <summary>The projection that <see cref="Read"/> reads.</summary>
    public static void Fields(BsonWriter fields) => fields.Int32("last", 1).Int32("forgets", 1).Int32("open", 1).String("now", "$$NOW");

    /// <summary>Null where there is no document yet.</summary>
    public static LogState? OfReply(BsonReply reply)
    {
        var fields = reply.Read();
        return fields.Find("value"u8) && !fields.IsNull ? Read(fields.Document()) : null;
    }

    public static LogState Read(ReadOnlySpan<byte> document)
    {
        var (last, forgets, now) = (0L, false, 0L);
        IReadOnlyList<Slot> open = [], lapsed = [];
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("last"u8)) last = fields.Int64();
            else if (fields.Is("forgets"u8)) forgets = fields.Boolean();
            else if (fields.Is("open"u8)) open = Slots(fields.Document());
            else if (fields.Is("lapsed"u8)) lapsed = Slots(fields.Document());
            else if (fields.Is("now"u8)) now = fields.Date();
        }
        return new(last, forgets, open, lapsed, now);
    }

    private static List<Slot> Slots(ReadOnlySpan<byte> array)
    {
        var slots = new List<Slot>();
        var each = new BsonReader(array);
        while (each.Read())
        {
            var (writer, number, from, until) = ("", 0L, 0L, 0L);
            var fields = new BsonReader(each.Document());
            while (fields.Read())
            {
                if (fields.Is("writer"u8)) writer = fields.String();
                else if (fields.Is("number"u8)) number = fields.Int64();
                else if (fields.Is("from"u8)) from = fields.Int64();
                else if (fields.Is("until"u8)) until = fields.Date();
            }
            slots.Add(new Slot(writer, number, from, until));
        }
        return slots;
    }
}
