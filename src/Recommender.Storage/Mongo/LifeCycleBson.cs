using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>Where a customer stands as a document, the transitions in it.</summary>
internal static class LifeCycleBson
{
    public static ReadOnlyMemory<byte> Write(Tenant tenant, CustomerHistory customer) => MongoCollection.DocumentOf(writer =>
    {
        writer.String("_id", BsonDomain.Key(tenant, customer.CustomerId)).String("tenant", tenant.Id);
        if (customer.State is { } state)
        {
            writer.String("stage", state.Stage).Instant("since", state.Since).String("reason", state.Reason).Optional("due_at", state.DueAt)
                .Double("worth", state.Worth).Json("summary", state.Summary);
        }
        writer.BeginArray("transitions");
        foreach (var transition in customer.Transitions.DistinctBy(one => (one.At, one.From, one.To)).OrderBy(one => one.At))
        {
            writer.BeginDocument().String("from", transition.From).String("to", transition.To).Instant("at", transition.At).String("reason", transition.Reason).End();
        }
        writer.End();
    });

    public static CustomerHistory Read(ReadOnlySpan<byte> document)
    {
        var (id, stage, reason, summary, worth) = ("", "", "", "", 0.0);
        DateTimeOffset since = default;
        DateTimeOffset? dueAt = null;
        var transitions = new List<CustomerTransition>();
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) id = BsonDomain.IdOf(fields.String());
            else if (fields.Is("stage"u8)) stage = fields.String();
            else if (fields.Is("since"u8)) since = fields.Instant();
            else if (fields.Is("since_ticks"u8)) since = since.AddTicks(fields.Int32());
            else if (fields.Is("reason"u8)) reason = fields.String();
            else if (fields.Is("due_at"u8)) dueAt = fields.Instant();
            else if (fields.Is("due_at_ticks"u8)) dueAt = dueAt?.AddTicks(fields.Int32());
            else if (fields.Is("worth"u8)) worth = fields.Double();
            else if (fields.Is("summary"u8)) summary = fields.Json();
            else if (fields.Is("transitions"u8)) ReadTransitions(fields, transitions);
        }
        return new(id, stage.Length == 0 ? null : new(id, stage, since, reason, dueAt, worth, summary), transitions);
    }

    private static void ReadTransitions(BsonReader several, List<CustomerTransition> transitions)
    {
        var each = new BsonReader(several.Document());
        while (each.Read())
        {
            var (from, to, at, reason) = ("", "", default(DateTimeOffset), "");
            var fields = new BsonReader(each.Document());
            while (fields.Read())
            {
                if (fields.Is("from"u8)) from = fields.String();
                else if (fields.Is("to"u8)) to = fields.String();
                else if (fields.Is("at"u8)) at = fields.Instant();
                else if (fields.Is("at_ticks"u8)) at = at.AddTicks(fields.Int32());
                else if (fields.Is("reason"u8)) reason = fields.String();
            }
            transitions.Add(new(from, to, at, reason));
        }
    }
}
