using Recommender.Interactions;

namespace Recommender.Storage.Sqlite;

/// <summary>The file is at hand: five indexed reads, one after another.</summary>
internal sealed class SqlitePersonRecords(IShopStore store) : IPersonRecords
{
    public async Task<PersonRecord> ReadAsync(
        Tenant tenant, Person person, DateTimeOffset shownSince, int mostShown, DateTimeOffset contactsSince, CancellationToken cancellation) => new(
            await store.Events.ReadPersonAsync(tenant, person, cancellation),
            await store.Links.OfAsync(tenant, person, cancellation),
            person.Kind == PersonKind.Customer ? await store.Customers.FindAsync(tenant, person.Id, cancellation) : null,
            await store.Contacts.ReadAsync(tenant, [person], contactsSince, cancellation),
            await store.Recommendations.ReadPersonAsync(tenant, person, shownSince, mostShown, cancellation));
}
