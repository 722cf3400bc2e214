using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>A customer is one document, state and transitions, so that both change as one. Somebody without a state has no stage and is in no list.</summary>
internal sealed class MongoLifeCycleStore(MongoDatabase database) : ILifeCycleStore
{
    private readonly MongoCollection _customers = database.Collection(MongoCollections.LifeCycle);
    private readonly KeyedDocuments<CustomerHistory> _keyed = new(database.Collection(MongoCollections.LifeCycle), LifeCycleBson.Read);

    public Task SaveAsync(Tenant tenant, IReadOnlyList<CustomerHistory> customers, CancellationToken cancellation)
    {
        for (int i = 0; i < customers.Count; i++) StorablePeople.Check(customers[i], i);
        // Of one customer twice the last is it.
        var last = customers.GroupBy(customer => customer.CustomerId, StringComparer.Ordinal).Select(same => same.Last()).ToLookup(customer => customer is { State: null, Transitions.Count: 0 });
        return Unbroken.RunAsync(async () =>
        {
            await _customers.ReplaceAsync([.. last[false].Select(one => (BsonDomain.Key(tenant, one.CustomerId), LifeCycleBson.Write(tenant, one)))], CancellationToken.None);
            await _keyed.DeleteAsync(tenant, [.. last[true].Select(one => one.CustomerId)], CancellationToken.None);
        }, cancellation);
    }

    public async Task<CustomerState?> FindAsync(Tenant tenant, string customerId, CancellationToken cancellation) =>
        (await _keyed.FindAsync(tenant, customerId, cancellation))?.State;

    public async Task<IReadOnlyList<CustomerTransition>> TransitionsAsync(Tenant tenant, string customerId, CancellationToken cancellation) =>
        (await _keyed.FindAsync(tenant, customerId, cancellation))?.Transitions ?? [];

    public async Task<IReadOnlyList<CustomerState>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation) =>
        States(await _keyed.ListAsync(filter => filter.With(KeyedDocuments<CustomerHistory>.After(tenant, afterId)).BeginDocument("stage").Boolean("$exists", true).End(),
            limit, cancellation));

    public Task<IReadOnlyList<CustomerState>> ListStageAsync(Tenant tenant, string stage, WorthPlace? after, int limit, CancellationToken cancellation) => FindAsync(filter =>
    {
        filter.String("tenant", tenant.Id).String("stage", stage);
        if (after is not { } place) return;
        filter.BeginDocument("worth").Double("$lte", place.Worth).End().BeginArray("$or")
            .BeginDocument().BeginDocument("worth").Double("$lt", place.Worth).End().End()
            .BeginDocument().BeginDocument("_id").String("$gt", BsonDomain.Key(tenant, place.CustomerId)).End().End().End();
    }, sort => sort.Int32("worth", -1).Int32("_id", 1), limit, cancellation);

    public async Task<IReadOnlyList<CustomerState>> DueAsync(Tenant tenant, DateTimeOffset by, int limit, CancellationToken cancellation)
    {
        var due = await FindAsync(filter => filter.String("tenant", tenant.Id).BeginDocument("due_at").Until(by).End(),
            sort => sort.Int32("due_at", 1).Int32("due_at_ticks", 1).Int32("_id", 1), limit, cancellation);
        // A date has no more than milliseconds, so the last ones may be due a little later.
        return [.. due.Where(state => state.DueAt <= by)];
    }

    public async Task<IReadOnlyDictionary<string, long>> CountAsync(Tenant tenant, CancellationToken cancellation)
    {
        var counts = await _customers.AggregateAsync(stages => stages
            .BeginDocument().BeginDocument("$match").String("tenant", tenant.Id).BeginDocument("stage").String("$gt", "").End().End().End()
            .BeginDocument().BeginDocument("$group").String("_id", "$stage").BeginDocument("n").Int32("$sum", 1).End().End().End(),
            ReadCount, MongoTarget.PrimarySlowly, cancellation);
        return counts.ToDictionary(one => one.Stage, one => one.Customers, StringComparer.Ordinal);
    }

    private async Task<IReadOnlyList<CustomerState>> FindAsync(Action<BsonWriter> filter, Action<BsonWriter> sort, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        cancellation.ThrowIfCancellationRequested();
        return States(await _customers.FindAsync(filter, sort, limit, LifeCycleBson.Read, MongoTarget.Primary, cancellation));
    }

    private static IReadOnlyList<CustomerState> States(IEnumerable<CustomerHistory> customers) => [.. customers.Select(customer => customer.State!)];

    private static (string Stage, long Customers) ReadCount(ReadOnlySpan<byte> document)
    {
        var (stage, count) = ("", 0L);
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) stage = fields.String();
            else if (fields.Is("n"u8)) count = fields.Int64();
        }
        return (stage, count);
    }
}
