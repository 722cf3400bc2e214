namespace Recommender.Storage.Sqlite;

internal sealed class SqliteQuestionnaireStore(Writer writer, Readers readers) : IQuestionnaireStore
{
    private const string Insert =
        "INSERT INTO questionnaires (tenant, id, version, at, definition) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant, id, version)";

    public Task SaveDraftAsync(Tenant tenant, QuestionnaireVersion draft, CancellationToken cancellation)
    {
        StorablePeople.Check(draft, isDraft: true);
        return writer.WriteAsync(1, connection =>
        {
            using Statement upsert = connection.Use($"{Insert} DO UPDATE SET at = excluded.at, definition = excluded.definition");
            return Bind(upsert, tenant, draft).Run();
        }, cancellation);
    }

    public Task<bool> TryPublishAsync(Tenant tenant, QuestionnaireVersion version, CancellationToken cancellation)
    {
        StorablePeople.Check(version, isDraft: false);
        return writer.WriteAsync(1, connection =>
        {
            using Statement insert = connection.Use($"{Insert} DO NOTHING");
            return Bind(insert, tenant, version).Run() == 1;
        }, cancellation);
    }

    public Task<IReadOnlyList<QuestionnaireVersion>> ListAsync(Tenant tenant, CancellationToken cancellation) =>
        readers.ScanAsync<IReadOnlyList<QuestionnaireVersion>>(connection =>
        {
            using Statement select = connection.Use("SELECT id, version, at, definition FROM questionnaires WHERE tenant = ? ORDER BY id, version");
            return select.With(tenant.Id).ReadAll(row => new QuestionnaireVersion(row.Text(0), (int)row.Long(1), row.Instant(2), row.Text(3)));
        }, cancellation);

    private static Statement Bind(Statement write, Tenant tenant, QuestionnaireVersion version) =>
        write.With(tenant.Id).With(version.Id).With(version.Version).With(version.At).With(version.Definition);
}
