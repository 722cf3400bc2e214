namespace Recommender.Storage;

/// <summary>
/// Everything an engine keeps of a shop, record by record and as it is: for moving a shop to another engine. What it reads may be written while
/// others read and write the shop, but nobody should: a moved shop is one that stood still.
/// </summary>
public interface IShopRecords
{
    /// <summary>
    /// A page of one kind, at most some thousand records, in an order of the engine's own; events by position, recommendations by when they were
    /// served. A page may be empty and not the last.
    /// </summary>
    /// <param name="after">The <see cref="RecordPage.Next"/> of the page before; null begins.</param>
    Task<RecordPage> ReadAsync(Tenant tenant, RecordKind kind, string? after, CancellationToken cancellation);

    /// <summary>
    /// Writes records of one kind as they are: positions, revisions, moments and order stay, nothing is checked against what else is there, and
    /// nobody is told. One whose key is there already takes its place, so that the same page may be written twice. Durable when it returns.
    /// </summary>
    /// <exception cref="ArgumentException">A record could not be given back as it was sent.</exception>
    Task WriteAsync(Tenant tenant, IReadOnlyList<ShopRecord> records, CancellationToken cancellation);
}

/// <param name="Next">Where the next page begins, in the words of the engine; null after the last.</param>
public sealed record RecordPage(IReadOnlyList<ShopRecord> Records, string? Next);

/// <summary>In the order in which a shop is moved: what says that the others are whole comes last.</summary>
public enum RecordKind
{
    Item, Customer, Link, Questionnaire, Session, Contact, Scenario, Setting, Checkpoint, Erasure, ForgottenEvent, Event, Recommendation, Stage, Model,
    Publication, Counters,
}
