namespace Recommender.Storage;

/// <summary>What the shop has decided: its profile schema, contact budgets, life-cycle rules. JSON by name.</summary>
public interface ISettings
{
    Task<string?> FindAsync(Tenant tenant, string name, CancellationToken cancellation);

    Task SetAsync(Tenant tenant, string name, string json, CancellationToken cancellation);
}
