using System.Text.Json;
using System.Text.Json.Serialization;
using Recommender.Ranking;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>A definition is a subdocument, as it would be JSON: scenarios gain fields often, and a field that an older definition lacks has its default.</summary>
internal sealed class MongoScenarioStore(MongoDatabase database, MongoChanges changes) : IScenarioStore
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PropertyNameCaseInsensitive = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly MongoCollection _scenarios = database.Collection(MongoCollections.Scenarios);
    private readonly KeyedDocuments<Scenario> _keyed = new(database.Collection(MongoCollections.Scenarios), Read);

    public Task UpsertAsync(Tenant tenant, Scenario scenario, CancellationToken cancellation)
    {
        Storable.RequireId(scenario.Id, "scenario", 0);
        Storable.RequireText(scenario.Filter, "scenario", scenario.Id, "filter");
        var document = MongoCollection.DocumentOf(writer => Write(writer, tenant, scenario));
        return Unbroken.RunAsync(async () =>
        {
            await _scenarios.ReplaceAsync([(BsonDomain.Key(tenant, scenario.Id), document)], CancellationToken.None);
            await changes.NoteAsync(tenant, StoredKind.Scenario, [scenario.Id], CancellationToken.None);
        }, cancellation);
    }

    public Task<bool> DeleteAsync(Tenant tenant, string scenarioId, CancellationToken cancellation) => Unbroken.RunAsync(async () =>
    {
        int deleted = await _keyed.DeleteAsync(tenant, [scenarioId], CancellationToken.None);
        await changes.NoteAsync(tenant, StoredKind.Scenario, [scenarioId], CancellationToken.None);
        return deleted == 1;
    }, cancellation);

    public Task<IReadOnlyList<Scenario>> ListAsync(Tenant tenant, CancellationToken cancellation) => _keyed.ListAsync(tenant, null, int.MaxValue, cancellation);

    public static void Write(BsonWriter document, Tenant tenant, Scenario scenario) => document
        .String("_id", BsonDomain.Key(tenant, scenario.Id)).String("tenant", tenant.Id).Json("definition", JsonSerializer.Serialize(scenario, _json));

    public static Scenario Read(ReadOnlySpan<byte> document)
    {
        var fields = new BsonReader(document);
        return fields.Find("definition"u8) ? JsonSerializer.Deserialize<Scenario>(fields.Json(), _json)!
            : throw new InvalidBsonException("A scenario has no definition.");
    }
}
