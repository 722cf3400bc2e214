using Recommender.Ranking;

namespace Recommender.Storage;

/// <summary>The shop's scenarios: few, read at start and at every change.</summary>
public interface IScenarioStore
{
    Task UpsertAsync(Tenant tenant, Scenario scenario, CancellationToken cancellation);

    Task<bool> DeleteAsync(Tenant tenant, string scenarioId, CancellationToken cancellation);

    /// <summary>All scenarios in ordinal order of their ids.</summary>
    Task<IReadOnlyList<Scenario>> ListAsync(Tenant tenant, CancellationToken cancellation);
}
