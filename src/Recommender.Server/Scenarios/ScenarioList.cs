using System.Collections.Frozen;
using Recommender.Ranking;
using Recommender.Storage;

namespace Recommender.Server.Scenarios;

/// <summary>The shop's scenarios in memory, replaced whole at every change.</summary>
internal sealed class ScenarioList(IScenarioStore store, Tenant tenant) : IDisposable
{
    public const string DefaultId = "default";

    private readonly SemaphoreSlim _writing = new(1);
    private FrozenDictionary<string, Scenario> _scenarios = Index([]);

    public IEnumerable<Scenario> All => _scenarios.Values.OrderBy(scenario => scenario.Id, StringComparer.Ordinal);

    public Scenario? Find(string scenarioId) => _scenarios.GetValueOrDefault(scenarioId.Length == 0 ? DefaultId : scenarioId);

    public Task LoadAsync(CancellationToken cancellation) => ExclusivelyAsync(() => ReadAsync(cancellation), cancellation);

    private async Task ReadAsync(CancellationToken cancellation) => Volatile.Write(ref _scenarios, Index(await store.ListAsync(tenant, cancellation)));

    public Task UpsertAsync(Scenario scenario, CancellationToken cancellation) =>
        ChangeAsync(() => store.UpsertAsync(tenant, scenario, CancellationToken.None), cancellation);

    public Task DeleteAsync(string scenarioId, CancellationToken cancellation) =>
        ChangeAsync(() => store.DeleteAsync(tenant, scenarioId, CancellationToken.None), cancellation);

    private Task ChangeAsync(Func<Task> change, CancellationToken cancellation) => ExclusivelyAsync(async () =>
    {
        await change();
        // What is on disk must also be in memory, whoever has given up waiting.
        await ReadAsync(CancellationToken.None);
    }, cancellation);

    private async Task ExclusivelyAsync(Func<Task> work, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try { await work(); }
        finally { _writing.Release(); }
    }

    private static FrozenDictionary<string, Scenario> Index(IReadOnlyList<Scenario> stored)
    {
        var all = stored.ToDictionary(scenario => scenario.Id, StringComparer.Ordinal);
        all.TryAdd(DefaultId, new Scenario(DefaultId));
        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public void Dispose() => _writing.Dispose();
}
