using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Ranking;

namespace Recommender.Storage;

/// <summary>All that is kept of one person, for whoever knows nothing of them yet: one round trip where the store is across a network.</summary>
public interface IPersonRecords
{
    /// <param name="shownSince">Recommendations from here on, at most <paramref name="mostShown"/>.</param>
    /// <param name="contactsSince">Contacts from here on.</param>
    Task<PersonRecord> ReadAsync(
        Tenant tenant, Person person, DateTimeOffset shownSince, int mostShown, DateTimeOffset contactsSince, CancellationToken cancellation);
}

/// <param name="Events">Everything the person did, in the order of positions.</param>
/// <param name="Profile">Null for visitors, and for customers of whom nothing is stated.</param>
/// <param name="Contacts">Oldest first, whatever their state.</param>
/// <param name="Shown">Newest first.</param>
public sealed record PersonRecord(
    IReadOnlyList<StoredEvent> Events, PersonLinks Links, Customer? Profile, IReadOnlyList<Contact> Contacts, IReadOnlyList<ServedRecommendation> Shown);
