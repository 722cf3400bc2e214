using Recommender.Interactions;
using Recommender.Pressure;

namespace Recommender.Storage;

/// <summary>Every approach to a person, and the one place where the last free one is given away.</summary>
public interface IContactLedger
{
    /// <summary>
    /// Enters a reservation if it stays within every limit, counting and entering as one step: of two senders that want the last contact one
    /// gets it. The id of a reservation that holds or was confirmed is granted again without counting twice.
    /// </summary>
    /// <param name="reservation">Its state is reserved, its <c>At</c> the present moment.</param>
    /// <param name="people">The person and everybody linked with them: all their contacts count.</param>
    /// <param name="limits">Those that cover the reservation's channel; each looks back from the present moment.</param>
    Task<ReservationOutcome> TryReserveAsync(Tenant tenant, Contact reservation, IReadOnlyList<Person> people, IReadOnlyList<ContactLimit> limits,
        CancellationToken cancellation);

    /// <summary>Confirms or cancels a reservation and returns the contact as it then is; null if there is none. A contact once confirmed stays so.</summary>
    Task<Contact?> SettleAsync(Tenant tenant, string contactId, ContactState state, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Contacts of these people since a moment, oldest first, whatever their state.</summary>
    Task<IReadOnlyList<Contact>> ReadAsync(Tenant tenant, IReadOnlyList<Person> people, DateTimeOffset since, CancellationToken cancellation);
}

/// <param name="LimitHit">The limit that said no; null where it was granted.</param>
/// <param name="Counted">Contacts that counted against that limit, oldest first.</param>
public sealed record ReservationOutcome(Contact? Granted, ContactLimit? LimitHit, IReadOnlyList<Contact> Counted);
