using System.Text.Json;
using System.Text.Json.Serialization;
using Recommender.Ranking;

namespace Recommender.Storage.Sqlite;

/// <summary>A definition is kept as JSON: scenarios gain fields often, and a field that an older definition lacks has its default.</summary>
internal sealed class SqliteScenarioStore(Writer writer, Readers readers) : IScenarioStore
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public Task UpsertAsync(Tenant tenant, Scenario scenario, CancellationToken cancellation)
    {
        Storable.RequireId(scenario.Id, "scenario", 0);
        Storable.RequireText(scenario.Filter, "scenario", scenario.Id, "filter");
        byte[] definition = JsonSerializer.SerializeToUtf8Bytes(scenario, Json);
        return writer.WriteAsync(1, connection =>
        {
            using Statement upsert = connection.Use("""
                INSERT INTO scenarios (tenant, id, definition) VALUES (?, ?, ?)
                ON CONFLICT (tenant, id) DO UPDATE SET definition = excluded.definition
                """);
            return upsert.With(tenant.Id).With(scenario.Id).WithText(definition).Run();
        }, cancellation);
    }

    public Task<bool> DeleteAsync(Tenant tenant, string scenarioId, CancellationToken cancellation) => writer.WriteAsync(1, connection =>
    {
        using Statement delete = connection.Use("DELETE FROM scenarios WHERE tenant = ? AND id = ?");
        return delete.With(tenant.Id).With(scenarioId).Run() == 1;
    }, cancellation);

    public Task<IReadOnlyList<Scenario>> ListAsync(Tenant tenant, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Scenario>>(readers.Read(connection =>
        {
            using Statement select = connection.Use("SELECT definition FROM scenarios WHERE tenant = ? ORDER BY id");
            select.With(tenant.Id);
            var scenarios = new List<Scenario>();
            while (select.Step()) scenarios.Add(JsonSerializer.Deserialize<Scenario>(select.Utf8Text(0), Json)!);
            return scenarios;
        }, cancellation));
}
