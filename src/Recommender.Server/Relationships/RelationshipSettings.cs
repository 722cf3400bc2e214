using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Recommender.Interactions;
using Recommender.LifeCycle;
using Recommender.Relationship;

namespace Recommender.Server.Relationships;

/// <summary>The rules by which relationships are judged, as the shop keeps them: its options, what was fitted, and its key accounts.</summary>
internal sealed class RelationshipSettings(Shop shop, TimeProvider time) : IDisposable
{
    private const string Options = "life_cycle_options";
    private const string Model = "life_cycle_model";
    private const string KeyAccounts = "key_accounts";
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly SemaphoreSlim _changing = new(1);

    public static bool Has(string setting) => setting is Options or Model or KeyAccounts;

    public Task LoadAsync(CancellationToken cancellation) => ExclusivelyAsync(() => ReadAsync(cancellation), cancellation);

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var options = await FindAsync(Options, cancellation) is { } json ? RelationshipOptions.Parse(json) : new RelationshipOptions();
        var model = await FindAsync(Model, cancellation) is { } fitted ? JsonSerializer.Deserialize<StoredModel>(fitted, _json)!.Fitted : FittedModel.None;
        var accounts = await StoredKeyAccountsAsync(cancellation) is { } ids ? new KeyAccountSet(ids.ToFrozenSet(StringComparer.Ordinal)) : KeyAccountSet.None;
        shop.Relationships.Replace(new RelationshipRules(options, model, accounts));
    }

    public Task SetAsync(RelationshipOptions options, CancellationToken cancellation) =>
        ChangeAsync(Options, options.ToJson(), rules => new RelationshipRules(options, rules.Fitted, rules.KeyAccounts), cancellation);

    public async Task<FittedModel> SetAsync(PurchaseModel model, ItemIntervals intervals, CancellationToken cancellation)
    {
        var fitted = new FittedModel(model, intervals, time.GetUtcNow());
        await ChangeAsync(Model, JsonSerializer.Serialize(new StoredModel(model, intervals.Items, time.GetUtcNow()), _json),
            rules => new RelationshipRules(rules.Options, fitted, rules.KeyAccounts), cancellation);
        return fitted;
    }

    /// <summary>Whoever was erased since these were worked out is left out.</summary>
    public Task SetKeyAccountsAsync(IEnumerable<string> customerIds, CancellationToken cancellation) =>
        ExclusivelyAsync(() => KeepKeyAccountsAsync(customerIds), cancellation);

    /// <summary>Who asked to be forgotten is no key account any more.</summary>
    public Task ForgetAsync(IReadOnlyList<Person> people, CancellationToken cancellation) =>
        ExclusivelyAsync(() => DropAsync(people.Contains, cancellation), cancellation);

    /// <summary>Whoever is erased by now is no key account any more, whichever server worked them out.</summary>
    public Task DropErasedAsync(CancellationToken cancellation) => ExclusivelyAsync(() => DropAsync(shop.Erased.Contains, cancellation), cancellation);

    /// <summary>The same for rules that judge alike: a pass by others begins anew.</summary>
    public static string Fingerprint(RelationshipRules rules) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        rules.Options.ToJson() + JsonSerializer.Serialize(new StoredModel(rules.Model, rules.Fitted.Intervals.Items, default), _json))))[..16];

    public void Dispose() => _changing.Dispose();

    private Task<string?> FindAsync(string name, CancellationToken cancellation) => shop.Store.Settings.FindAsync(shop.Tenant, name, cancellation);

    private async Task<string[]?> StoredKeyAccountsAsync(CancellationToken cancellation) =>
        await FindAsync(KeyAccounts, cancellation) is { } ids ? JsonSerializer.Deserialize<string[]>(ids, _json)! : null;

    /// <summary>Goes by what is stored, which another server may have worked out anew, and writes only where somebody is to be dropped.</summary>
    private async Task DropAsync(Func<Person, bool> whom, CancellationToken cancellation)
    {
        if (await StoredKeyAccountsAsync(cancellation) is not { } stored) return;
        string[] kept = [.. stored.Where(id => !whom(Person.Customer(id)))];
        if (kept.Length < stored.Length) await KeepKeyAccountsAsync(kept);
        else Replace(stored);
    }

    private void Replace(string[] accounts)
    {
        var rules = shop.Relationships.Rules;
        shop.Relationships.Replace(new RelationshipRules(rules.Options, rules.Fitted, new KeyAccountSet(accounts.ToFrozenSet(StringComparer.Ordinal))));
    }

    private Task KeepKeyAccountsAsync(IEnumerable<string> customerIds)
    {
        string[] ids = [.. customerIds.Where(id => !shop.Erased.Contains(Person.Customer(id))).Order(StringComparer.Ordinal)];
        return KeepAsync(KeyAccounts, JsonSerializer.Serialize(ids, _json),
            rules => new RelationshipRules(rules.Options, rules.Fitted, new KeyAccountSet(ids.ToFrozenSet(StringComparer.Ordinal))));
    }

    private Task ChangeAsync(string name, string json, Func<RelationshipRules, RelationshipRules> change, CancellationToken cancellation) =>
        ExclusivelyAsync(() => KeepAsync(name, json, change), cancellation);

    private async Task KeepAsync(string name, string json, Func<RelationshipRules, RelationshipRules> change)
    {
        await shop.Store.Settings.SetAsync(shop.Tenant, name, json, CancellationToken.None);
        shop.Relationships.Replace(change(shop.Relationships.Rules));
    }

    private async Task ExclusivelyAsync(Func<Task> change, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try { await change(); }
        finally { _changing.Release(); }
    }

    private sealed record StoredModel(PurchaseModel Model, IReadOnlyDictionary<string, ConsumableItem> Items, DateTimeOffset At)
    {
        [System.Text.Json.Serialization.JsonIgnore]
        public FittedModel Fitted => new(Model, ItemIntervals.Of(Items), At);
    }
}
