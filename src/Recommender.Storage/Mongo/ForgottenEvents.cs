using System.Security.Cryptography;
using System.Text;
using Recommender.Interactions;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// Keeps events that were forgotten from coming back. Of an id only its hash is kept: shops put names and addresses into ids. What is to be forgotten is
/// entered first, hashes included, and then done; who comes after a crash does the rest.
/// </summary>
internal sealed class ForgottenEvents(MongoDatabase database, EventPositions positions)
{
    private const int Together = 1_000;

    private readonly MongoCollection _hashes = database.Collection(MongoCollections.ForgottenEvents);
    private readonly MongoCollection _events = database.Collection(MongoCollections.Events);
    private readonly MongoCollection _orders = database.Collection(MongoCollections.Forgettings);

    /// <summary>Where forgotten events were, by their ids; only of those that were forgotten.</summary>
    public async Task<Dictionary<string, long>> PositionsAsync(Tenant tenant, IEnumerable<string> eventIds, CancellationToken cancellation)
    {
        var former = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string[] together in eventIds.Chunk(Together))
        {
            var byHash = together.ToDictionary(id => KeyOf(tenant, id), StringComparer.Ordinal);
            var found = await _hashes.FindAsync(filter => filter.BeginDocument("_id").Strings("$in", byHash.Keys).End(), null, together.Length, ReadPlace,
                MongoTarget.Primary, cancellation);
            foreach (var (key, position) in found) former.Add(byHash[key], position);
        }
        return former;
    }

    /// <summary>Forgets those of the events that are the person's; how many there were.</summary>
    public async Task<int> ForgetAsync(Tenant tenant, Person person, IReadOnlyList<string> eventIds, CancellationToken cancellation)
    {
        var there = new List<string>();
        foreach (string[] together in eventIds.Distinct(StringComparer.Ordinal).Chunk(Together)) there.AddRange((await FindAsync(tenant, person, together, cancellation)).Select(place => place.Id));
        if (there.Count == 0) return 0;
        string order = BsonDomain.Key(tenant, Guid.NewGuid().ToString("N"));
        await _orders.TryInsertAsync(entry => entry.String("_id", order).String("tenant", tenant.Id).Person("person", person).Strings("event_ids", there), cancellation);
        // Entered is done: half of it is worse than all of it with nobody waiting any more.
        using var unlimited = StoreDeadline.Use(null);
        await CarryOutAsync(new Order(order, tenant, person, there), CancellationToken.None);
        return there.Count;
    }

    /// <summary>Does what somebody entered and did not come to.</summary>
    public async Task ResumeAsync(CancellationToken cancellation)
    {
        foreach (var order in await _orders.FindAsync(_ => { }, null, int.MaxValue, ReadOrder, MongoTarget.Primary, cancellation)) await CarryOutAsync(order, cancellation);
    }

    private async Task CarryOutAsync(Order order, CancellationToken cancellation)
    {
        foreach (string[] together in order.EventIds.Chunk(Together)) await HashAsync(order, together, cancellation);
        var state = await positions.BeginForgettingAsync(order.Tenant, cancellation);
        await DeleteAsync(order, cancellation);
        if (state.Open.Count > 0)
        {
            // Who was appending at that moment had not looked for hashes, and may have brought one of the events back.
            await positions.WaitUntilClosedAsync(order.Tenant, state, cancellation);
            await DeleteAsync(order, cancellation);
        }
        await _orders.DeleteByIdsAsync([order.Key], cancellation);
    }

    private async Task HashAsync(Order order, string[] eventIds, CancellationToken cancellation)
    {
        var places = await FindAsync(order.Tenant, order.Person, eventIds, cancellation);
        if (places.Count == 0) return;
        await _hashes.InsertAsync(places.Count, (entry, i) => Write(entry, order.Tenant, HashOf(places[i].Id), places[i].Position), cancellation);
    }

    private async Task DeleteAsync(Order order, CancellationToken cancellation)
    {
        foreach (string[] together in order.EventIds.Chunk(Together)) await _events.DeleteAsync(filter => Those(filter, order.Tenant, order.Person, together), all: true, cancellation);
    }

    private Task<List<(string Id, long Position)>> FindAsync(Tenant tenant, Person person, string[] eventIds, CancellationToken cancellation) =>
        _events.FindAsync(filter => Those(filter, tenant, person, eventIds), null, eventIds.Length, ReadEvent, MongoTarget.Primary, cancellation);

    private static void Those(BsonWriter filter, Tenant tenant, Person person, string[] eventIds) => filter
        .BeginDocument("_id").Strings("$in", eventIds.Select(id => BsonDomain.Key(tenant, id))).End()
        .String("person.kind", BsonDomain.NameOf(person.Kind)).String("person.id", person.Id);

    private static string KeyOf(Tenant tenant, string eventId) => BsonDomain.Key(tenant, HashOf(eventId));

    private static string HashOf(string eventId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(eventId)));

    public static void Write(BsonWriter document, Tenant tenant, string hash, long position) =>
        document.String("_id", BsonDomain.Key(tenant, hash)).String("tenant", tenant.Id).Int64("position", position);

    public static (string Key, long Position) ReadPlace(ReadOnlySpan<byte> document)
    {
        var (key, position) = ("", 0L);
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) key = fields.String();
            else if (fields.Is("position"u8)) position = fields.Int64();
        }
        return (key, position);
    }

    private static (string Id, long Position) ReadEvent(ReadOnlySpan<byte> document) => ReadPlace(document) is var (key, position) ? (BsonDomain.IdOf(key), position) : default;

    private static Order ReadOrder(ReadOnlySpan<byte> document)
    {
        var (key, tenant) = ("", "");
        Person person = default;
        List<string> eventIds = [];
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) key = fields.String();
            else if (fields.Is("tenant"u8)) tenant = fields.String();
            else if (fields.Is("person"u8)) person = fields.Person();
            else if (fields.Is("event_ids"u8)) eventIds = fields.Strings();
        }
        return new Order(key, new Tenant(tenant), person, eventIds);
    }

    private sealed record Order(string Key, Tenant Tenant, Person Person, IReadOnlyList<string> EventIds);
}
