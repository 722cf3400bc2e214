namespace Recommender.Storage.Mongo;

internal sealed class MongoSettings(MongoDatabase database, MongoChanges changes) : ISettings
{
    private readonly NamedDocuments _values = new(database, MongoCollections.Settings, "setting");

    public Task<string?> FindAsync(Tenant tenant, string name, CancellationToken cancellation) => _values.FindAsync(tenant, name, cancellation);

    public Task SetAsync(Tenant tenant, string name, string json, CancellationToken cancellation) => Unbroken.RunAsync(async () =>
    {
        await _values.SetAsync(tenant, name, json, CancellationToken.None);
        await changes.NoteAsync(tenant, StoredKind.Setting, [name], CancellationToken.None);
    }, cancellation);

    public Task<bool> TryAddAsync(Tenant tenant, string name, string json, CancellationToken cancellation) => Unbroken.RunAsync(async () =>
    {
        if (!await _values.TryAddAsync(tenant, name, json, CancellationToken.None)) return false;
        await changes.NoteAsync(tenant, StoredKind.Setting, [name], CancellationToken.None);
        return true;
    }, cancellation);
}
