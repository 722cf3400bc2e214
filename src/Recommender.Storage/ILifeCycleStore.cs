namespace Recommender.Storage;

/// <summary>Where each customer stands in the relationship, derived from events and kept so that a pass need not read them all again.</summary>
public interface ILifeCycleStore
{
    /// <summary>
    /// Writes customers whole: state and transitions come in the place of all that was kept of them, so that what a late event disproved is gone.
    /// One without a state is in no list. All or none.
    /// </summary>
    Task SaveAsync(Tenant tenant, IReadOnlyList<CustomerHistory> customers, CancellationToken cancellation);

    Task<CustomerState?> FindAsync(Tenant tenant, string customerId, CancellationToken cancellation);

    /// <summary>Every change of a customer's stage, oldest first, those of one moment as they were given.</summary>
    Task<IReadOnlyList<CustomerTransition>> TransitionsAsync(Tenant tenant, string customerId, CancellationToken cancellation);

    /// <summary>Up to <paramref name="limit"/> states in the order of the customers' ids, those after <paramref name="afterId"/>.</summary>
    Task<IReadOnlyList<CustomerState>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation);

    /// <summary>Up to <paramref name="limit"/> states of one stage, most worth first and those of one worth by id, after a place in that order.</summary>
    Task<IReadOnlyList<CustomerState>> ListStageAsync(Tenant tenant, string stage, WorthPlace? after, int limit, CancellationToken cancellation);

    /// <summary>Up to <paramref name="limit"/> states that time alone will have changed by a moment, earliest due first.</summary>
    Task<IReadOnlyList<CustomerState>> DueAsync(Tenant tenant, DateTimeOffset by, int limit, CancellationToken cancellation);

    /// <summary>How many customers are in each stage.</summary>
    Task<IReadOnlyDictionary<string, long>> CountAsync(Tenant tenant, CancellationToken cancellation);
}

/// <param name="State">Null for somebody who is nobody's customer any more: linked to another account, or forgotten.</param>
/// <param name="Transitions">Oldest first; one that comes twice (moment, stages) is kept once.</param>
public sealed record CustomerHistory(string CustomerId, CustomerState? State, IReadOnlyList<CustomerTransition> Transitions);

/// <param name="DueAt">When the stage changes if nothing more happens; null if it does not.</param>
/// <param name="Worth">What lists of a stage are ordered by, finite: what the customer is expected to spend.</param>
/// <param name="Summary">What else was worked out, as JSON.</param>
public sealed record CustomerState(string CustomerId, string Stage, DateTimeOffset Since, string Reason, DateTimeOffset? DueAt, double Worth, string Summary);

public sealed record CustomerTransition(string From, string To, DateTimeOffset At, string Reason);

/// <summary>A place in a list that is ordered by worth.</summary>
public readonly record struct WorthPlace(double Worth, string CustomerId);
