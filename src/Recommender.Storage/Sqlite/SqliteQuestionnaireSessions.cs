using Recommender.Interactions;
using Recommender.Questionnaires;

namespace Recommender.Storage.Sqlite;

internal sealed class SqliteQuestionnaireSessions(Writer writer, Readers readers) : IQuestionnaireSessions
{
    public const string Columns = "id, questionnaire_id, version, person_kind, person_id, language, started_at, ended_at";
    public const string OfPerson = $"""
        SELECT {Columns} FROM questionnaire_sessions WHERE tenant = ? AND person_kind = ? AND person_id = ? ORDER BY started_at DESC, rowid DESC
        """;

    private readonly KeyedRows<QuestionnaireSession> _rows = new(writer, readers, "questionnaire_sessions", Columns, Read);

    public Task<bool> TryStartAsync(Tenant tenant, QuestionnaireSession session, CancellationToken cancellation)
    {
        StorablePeople.Check(session);
        return writer.WriteAsync(1, connection =>
        {
            using Statement insert = connection.Use(
                $"INSERT INTO questionnaire_sessions ({Columns}, tenant) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, id) DO NOTHING");
            insert.With(session.Id).With(session.QuestionnaireId).With(session.Version).With(session.Person).With(session.Language);
            return insert.With(session.StartedAt).With(session.EndedAt).With(tenant.Id).Run() == 1;
        }, cancellation);
    }

    public Task<bool> TryEndAsync(Tenant tenant, string sessionId, DateTimeOffset at, CancellationToken cancellation) =>
        writer.WriteAsync(1, connection =>
        {
            using Statement end = connection.Use("UPDATE questionnaire_sessions SET ended_at = ? WHERE tenant = ? AND id = ? AND ended_at IS NULL");
            return end.With(at).With(tenant.Id).With(sessionId).Run() == 1;
        }, cancellation);

    public Task<QuestionnaireSession?> FindAsync(Tenant tenant, string sessionId, CancellationToken cancellation) =>
        _rows.FindAsync(tenant, sessionId, cancellation);

    public Task<IReadOnlyList<QuestionnaireSession>> ListAsync(Tenant tenant, Person person, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<QuestionnaireSession>>(readers.Read(connection =>
        {
            using Statement select = connection.Use(OfPerson);
            return select.With(tenant.Id).With(person).ReadAll(Read);
        }, cancellation));

    public static QuestionnaireSession Read(Statement row) =>
        new(row.Text(0), row.Text(1), (int)row.Long(2), row.Person(3), row.Text(5), row.Instant(6)) { EndedAt = row.InstantOrNull(7) };
}
