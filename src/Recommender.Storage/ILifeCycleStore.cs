namespace Recommender.Storage;

/// <summary>Where each customer stands in the relationship, derived from events and kept so that a pass need not read them all again.</summary>
public interface ILifeCycleStore
{
    /// <summary>
    /// Writes states whole and appends the transitions that led to them; a transition known already (customer, moment, stages) is passed over.
    /// All or none.
    /// </summary>
    Task SaveAsync(Tenant tenant, IReadOnlyList<CustomerState> states, IReadOnlyList<CustomerTransition> transitions, CancellationToken cancellation);

    Task<CustomerState?> FindAsync(Tenant tenant, string customerId, CancellationToken cancellation);

    /// <summary>Every change of a customer's stage, oldest first; those of one moment in the order of their saving.</summary>
    Task<IReadOnlyList<CustomerTransition>> TransitionsAsync(Tenant tenant, string customerId, CancellationToken cancellation);

    /// <summary>
    /// Up to <paramref name="limit"/> states in the order of the customers' ids (UTF-8), those after <paramref name="afterId"/>; of one stage, or of all.
    /// </summary>
    Task<IReadOnlyList<CustomerState>> ListAsync(Tenant tenant, string? stage, string? afterId, int limit, CancellationToken cancellation);

    /// <summary>Up to <paramref name="limit"/> states that time alone will have changed by a moment, earliest due first.</summary>
    Task<IReadOnlyList<CustomerState>> DueAsync(Tenant tenant, DateTimeOffset by, int limit, CancellationToken cancellation);

    /// <summary>How many customers are in each stage.</summary>
    Task<IReadOnlyDictionary<string, long>> CountAsync(Tenant tenant, CancellationToken cancellation);

    /// <summary>
    /// Forgets all states, not the transitions, so that they are worked out anew. In pieces that hold nobody up: interrupted, it is called again.
    /// </summary>
    Task ClearStatesAsync(Tenant tenant, CancellationToken cancellation);
}

/// <param name="DueAt">When the stage changes if nothing more happens; null if it does not.</param>
/// <param name="Position">The last event it was worked out from.</param>
/// <param name="Summary">What the next event adds to, as JSON.</param>
public sealed record CustomerState(string CustomerId, string Stage, DateTimeOffset Since, string Reason, DateTimeOffset? DueAt, long Position, string Summary);

public sealed record CustomerTransition(string CustomerId, string From, string To, DateTimeOffset At, string Reason);
