using Recommender.Interactions;

namespace Recommender.Storage;

/// <summary>Forgetting people for good. What remains is that it was done: a receipt, and the ids as SHA-256, so that nobody begins again by mistake.</summary>
public interface IErasures
{
    /// <summary>
    /// Deletes events, profile, links, sessions, contacts, served recommendations and stages of these people. Taken up again after a crash
    /// until the receipt is entered last.
    /// </summary>
    Task<Erasure> EraseAsync(Tenant tenant, IReadOnlyList<Person> people, string receiptId, DateTimeOffset at, CancellationToken cancellation);

    Task<Erasure?> FindAsync(Tenant tenant, string receiptId, CancellationToken cancellation);

    /// <summary>All erasures, oldest first.</summary>
    Task<IReadOnlyList<Erasure>> ListAsync(Tenant tenant, CancellationToken cancellation);

    /// <summary>Lets an erased person begin anew; false if they were not erased.</summary>
    Task<bool> ReadmitAsync(Tenant tenant, Person person, CancellationToken cancellation);
}

/// <param name="People">SHA-256 of each person erased, as <see cref="HashOf"/> makes it.</param>
/// <param name="Deleted">How many records of each kind are gone: "events", "profiles", "links", "sessions", "contacts", "recommendations", "stages".</param>
public sealed record Erasure(string ReceiptId, DateTimeOffset At, IReadOnlyList<string> People, IReadOnlyDictionary<string, long> Deleted)
{
    public static string HashOf(Tenant tenant, Person person) => Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{tenant.Id}\n{(int)person.Kind}\n{person.Id}")));
}
