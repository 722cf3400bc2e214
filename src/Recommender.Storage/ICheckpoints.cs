namespace Recommender.Storage;

/// <summary>How far a long piece of work has come (an import, a nightly pass), by its name, so that it can be taken up again.</summary>
public interface ICheckpoints
{
    Task<string?> FindAsync(Tenant tenant, string name, CancellationToken cancellation);

    Task SetAsync(Tenant tenant, string name, string value, CancellationToken cancellation);

    Task DeleteAsync(Tenant tenant, string name, CancellationToken cancellation);
}
