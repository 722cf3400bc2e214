using System.Collections.Immutable;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Storage.Mongo;

/// <summary>A customer changes by compare-and-set on its revision: what was worked out from the stored one is written only over that.</summary>
internal sealed class MongoCustomerStore(MongoDatabase database, MongoChanges changes) : ICustomerStore
{
    private const int UpsertedTogether = 1000;

    private readonly MongoCollection _customers = database.Collection(MongoCollections.Customers);
    private readonly KeyedDocuments<Customer> _keyed = new(database.Collection(MongoCollections.Customers), CustomerBson.Read);

    public Task UpsertAsync(Tenant tenant, IReadOnlyList<Customer> customers, CancellationToken cancellation)
    {
        for (int i = 0; i < customers.Count; i++) StorablePeople.Check(customers[i], i);
        string stamp = Stamp.New();
        return Unbroken.RunAsync(async () =>
        {
            foreach (var piece in customers.GroupBy(customer => customer.Id, StringComparer.Ordinal).Chunk(UpsertedTogether))
            {
                IReadOnlyCollection<IGrouping<string, Customer>> left = piece;
                while (left.Count > 0) left = await UpsertSomeAsync(tenant, left, stamp);
            }
            await NoteAsync(tenant, customers.Select(customer => customer.Id));
        }, cancellation);
    }

    public Task<bool> TryUpdateAsync(Tenant tenant, Customer customer, CancellationToken cancellation)
    {
        StorablePeople.Check(customer, 0);
        string key = BsonDomain.Key(tenant, customer.Id), stamp = Stamp.New();
        var document = CustomerBson.Write(tenant, customer, customer.Revision + 1, stamp);
        return Unbroken.RunAsync(async () =>
        {
            bool made = customer.Revision == 0 ? await _customers.TryInsertStampedAsync(key, document, stamp, CancellationToken.None)
                : await _customers.UpdateEachAsync([Replacement(key, customer.Revision, document)], CancellationToken.None) is { Matched: 1 }
                || await _customers.IsStampedAsync(key, stamp, CancellationToken.None);
            if (made) await NoteAsync(tenant, [customer.Id]);
            return made;
        }, cancellation);
    }

    public Task<int> DeleteAsync(Tenant tenant, IReadOnlyList<string> customerIds, CancellationToken cancellation) => Unbroken.RunAsync(async () =>
    {
        int deleted = await _keyed.DeleteAsync(tenant, customerIds, CancellationToken.None);
        await NoteAsync(tenant, customerIds);
        return deleted;
    }, cancellation);

    public Task<Customer?> FindAsync(Tenant tenant, string customerId, CancellationToken cancellation) => _keyed.FindAsync(tenant, customerId, cancellation);

    public Task<IReadOnlyList<Customer>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation) =>
        _keyed.ListAsync(tenant, afterId, limit, cancellation);

    public Task<long> CountAsync(Tenant tenant, CancellationToken cancellation) => _keyed.CountAsync(tenant, cancellation);

    /// <summary>Writes each over the customer that was found; those that somebody else changed in between are returned, to be tried again.</summary>
    private async Task<IReadOnlyCollection<IGrouping<string, Customer>>> UpsertSomeAsync(Tenant tenant, IReadOnlyCollection<IGrouping<string, Customer>> stated, string stamp)
    {
        var stored = (await _customers.FindAsync(filter => filter.BeginDocument("_id").Strings("$in", stated.Select(one => BsonDomain.Key(tenant, one.Key))).End(), null,
            stated.Count, document => (Customer: CustomerBson.Read(document), Stamp: Stamp.Read(document)), MongoTarget.Primary, CancellationToken.None))
            .ToDictionary(one => one.Customer.Id, StringComparer.Ordinal);
        // Written before by an attempt whose answer was lost, or by the round before.
        var left = stated.Where(one => !stored.TryGetValue(one.Key, out var found) || found.Stamp != stamp).ToList();
        var inserts = new List<ReadOnlyMemory<byte>>();
        var replacements = new List<ReadOnlyMemory<byte>>();
        foreach (var one in left)
        {
            string key = BsonDomain.Key(tenant, one.Key);
            if (stored.TryGetValue(one.Key, out var found))
            {
                Customer after = one.Aggregate(found.Customer, Restated);
                replacements.Add(Replacement(key, found.Customer.Revision, CustomerBson.Write(tenant, after, after.Revision, stamp)));
            }
            else
            {
                Customer begun = one.Skip(1).Aggregate(one.First() with { Revision = 1 }, Restated);
                inserts.Add(CustomerBson.Write(tenant, begun, begun.Revision, stamp));
            }
        }
        bool all = inserts.Count == 0 || (await _customers.InsertAsync(inserts, CancellationToken.None)).Count == 0;
        if (replacements.Count > 0) all &= (await _customers.UpdateEachAsync(replacements, CancellationToken.None)).Matched == replacements.Count;
        return all ? [] : left;
    }

    /// <summary>The shop's word: the attributes whole; a statement stays while the value it is about does.</summary>
    private static Customer Restated(Customer stored, Customer stated) => stored with
    {
        Attributes = stated.Attributes,
        Statements = stored.Statements.RemoveRange(
            stored.Statements.Keys.Where(name => !Equals(stored.Attributes.GetValueOrDefault(name), stated.Attributes.GetValueOrDefault(name)))),
        Revision = stored.Revision + 1,
    };

    private static ReadOnlyMemory<byte> Replacement(string key, long revision, ReadOnlyMemory<byte> document) =>
        MongoCollection.ReplacementOf(filter => filter.String("_id", key).Int64("revision", revision), document);

    private Task NoteAsync(Tenant tenant, IEnumerable<string> customerIds) =>
        changes.NoteAsync(tenant, StoredKind.Customer, customerIds.Select(Person.Customer), CancellationToken.None);
}
