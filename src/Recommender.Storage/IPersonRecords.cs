using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Ranking;

namespace Recommender.Storage;

/// <summary>
/// All that is kept of people, for whoever knows nothing of them yet: one round trip where the store is across a network.
/// </summary>
public interface IPersonRecords
{
    /// <param name="people">Few enough that all that is kept of them can be in memory; nobody twice.</param>
    /// <param name="shownSince">Recommendations from here on, of each person at most <paramref name="mostShown"/>.</param>
    /// <param name="contactsSince">Contacts from here on.</param>
    /// <returns>Of everybody, in their order.</returns>
    Task<IReadOnlyList<PersonRecord>> ReadAsync(
        Tenant tenant, IReadOnlyList<Person> people, DateTimeOffset shownSince, int mostShown, DateTimeOffset contactsSince,
        CancellationToken cancellation);
}

/// <param name="Events">Everything the person did, in the order of positions.</param>
/// <param name="Profile">Null for visitors, and for customers of whom nothing is stated.</param>
/// <param name="Contacts">Oldest first, whatever their state.</param>
/// <param name="Shown">Newest first.</param>
public sealed record PersonRecord(
    IReadOnlyList<StoredEvent> Events, PersonLinks Links, Customer? Profile, IReadOnlyList<Contact> Contacts, IReadOnlyList<ServedRecommendation> Shown);
