using Recommender.Interactions;

namespace Recommender.Storage;

/// <summary>
/// Forgetting people for good. What remains is that it was done: a receipt, and the ids as SHA-256, so that nobody begins again by mistake.
/// To refuse what is sent of the erased is the caller's part.
/// </summary>
public interface IErasures
{
    /// <summary>
    /// Deletes events, profile, links, sessions, contacts, served recommendations and stages of these people, in pieces that hold nobody up; the
    /// receipt is entered last. Once begun it is finished, by the next opening of the store if need be; cancelling is heeded before. The same
    /// receipt again changes nothing and is answered again. Positions of the events are not used again; their ids may be, by somebody readmitted.
    /// </summary>
    /// <param name="elsewhere">What of them was deleted before under the ids of others, by kind: the receipt counts it in.</param>
    /// <exception cref="InvalidOperationException">The receipt is that of other people.</exception>
    Task<Erasure> EraseAsync(Tenant tenant, IReadOnlyList<Person> people, string receiptId, DateTimeOffset at,
        IReadOnlyDictionary<string, long> elsewhere, CancellationToken cancellation);

    Task<Erasure?> FindAsync(Tenant tenant, string receiptId, CancellationToken cancellation);

    /// <summary>All erasures, oldest first.</summary>
    Task<IReadOnlyList<Erasure>> ListAsync(Tenant tenant, CancellationToken cancellation);

    /// <summary>SHA-256 of everybody whose erasure has begun or ended and who was not readmitted since.</summary>
    Task<IReadOnlyList<string>> PeopleAsync(Tenant tenant, CancellationToken cancellation);

    /// <summary>
    /// Lets an erased person begin anew, and everybody erased with them (the devices that were theirs), and takes them out of the receipts'
    /// people; false if they are not among the erased.
    /// </summary>
    Task<bool> ReadmitAsync(Tenant tenant, Person person, CancellationToken cancellation);
}

/// <param name="People">SHA-256 of each person erased and not readmitted since, as <see cref="HashOf"/> makes it.</param>
/// <param name="Deleted">
/// How many records of each kind are gone: "events", "profiles", "links", "sessions", "contacts", "recommendations", "stages" (states and transitions).
/// </param>
public sealed record Erasure(string ReceiptId, DateTimeOffset At, IReadOnlyList<string> People, IReadOnlyDictionary<string, long> Deleted)
{
    public static IReadOnlyDictionary<string, long> Nothing { get; } = new Dictionary<string, long>().AsReadOnly();

    public static string HashOf(Tenant tenant, Person person) => Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{tenant.Id}\n{(int)person.Kind}\n{person.Id}")));
}
