using Recommender.Interactions;
using Recommender.Pressure;

namespace Recommender.Storage;

/// <summary>Every approach to a person, and the one place where the last free one is given away.</summary>
public interface IContactLedger
{
    /// <summary>
    /// Enters a reservation if it stays within every limit, counting and entering as one step: of two senders that want the last contact one
    /// gets it. The id of a reservation that holds or was confirmed is granted again, as it was, without counting twice; one that expired or was
    /// cancelled may be reserved anew.
    /// </summary>
    /// <param name="reservation">Its state is reserved, its <c>At</c> the present moment.</param>
    /// <param name="people">The person and everybody linked with them: all their contacts count.</param>
    /// <param name="limits">In the order in which they are asked. Those that do not cover the reservation's channel have nothing to say.</param>
    /// <exception cref="ArgumentException">It is no reservation that could hold: no expiry after the present moment, a person not among the people.</exception>
    /// <exception cref="InvalidOperationException">The id is that of a contact by another channel or with somebody else.</exception>
    Task<ReservationOutcome> TryReserveAsync(Tenant tenant, Contact reservation, IReadOnlyList<Person> people, IReadOnlyList<ContactLimit> limits,
        CancellationToken cancellation);

    /// <summary>
    /// Confirms or cancels a reservation and returns the contact as it then is; null if there is none. A contact once confirmed stays so, with the
    /// moment of its first confirmation, and a confirmation holds even for a reservation that expired or was cancelled: the contact was made.
    /// </summary>
    Task<Contact?> SettleAsync(Tenant tenant, string contactId, ContactState state, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Contacts of these people since a moment, oldest first, whatever their state.</summary>
    Task<IReadOnlyList<Contact>> ReadAsync(Tenant tenant, IReadOnlyList<Person> people, DateTimeOffset since, CancellationToken cancellation);
}

/// <param name="LimitHit">The limit that said no; null where it was granted.</param>
/// <param name="Counted">Contacts that counted against that limit, oldest first.</param>
public sealed record ReservationOutcome(Contact? Granted, ContactLimit? LimitHit, IReadOnlyList<Contact> Counted);
