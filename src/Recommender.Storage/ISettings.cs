namespace Recommender.Storage;

/// <summary>What the shop has decided: its profile schema, contact budgets, life-cycle rules. JSON by name.</summary>
public interface ISettings
{
    Task<string?> FindAsync(Tenant tenant, string name, CancellationToken cancellation);

    Task SetAsync(Tenant tenant, string name, string json, CancellationToken cancellation);

    /// <summary>Sets what nobody has set; false, and nothing written, where there is a value. Of several at once one succeeds.</summary>
    Task<bool> TryAddAsync(Tenant tenant, string name, string json, CancellationToken cancellation);
}
