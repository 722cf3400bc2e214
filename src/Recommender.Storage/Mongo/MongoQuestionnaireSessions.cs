using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

internal sealed class MongoQuestionnaireSessions(MongoDatabase database) : IQuestionnaireSessions
{
    private readonly MongoCollection _sessions = database.Collection(MongoCollections.Sessions);

    public Task<bool> TryStartAsync(Tenant tenant, QuestionnaireSession session, CancellationToken cancellation)
    {
        StorablePeople.Check(session);
        string key = BsonDomain.Key(tenant, session.Id), stamp = Stamp.New();
        var document = MongoCollection.DocumentOf(writer => Write(writer, tenant, session, stamp));
        return _sessions.TryInsertStampedAsync(key, document, stamp, cancellation);
    }

    public async Task<bool> TryEndAsync(Tenant tenant, string sessionId, DateTimeOffset at, CancellationToken cancellation)
    {
        string key = BsonDomain.Key(tenant, sessionId), stamp = Stamp.New();
        var ended = await _sessions.UpdateAsync(
            filter => filter.String("_id", key).BeginDocument("ended_at").Boolean("$exists", false).End(),
            update => update.BeginDocument("$set").Instant("ended_at", at).String(Stamp.Field, stamp).End(), upsert: false, cancellation);
        return ended.Matched == 1 || await _sessions.IsStampedAsync(key, stamp, cancellation);
    }

    public Task<QuestionnaireSession?> FindAsync(Tenant tenant, string sessionId, CancellationToken cancellation) =>
        _sessions.FindByIdAsync(BsonDomain.Key(tenant, sessionId), Read, cancellation);

    public async Task<IReadOnlyList<QuestionnaireSession>> ListAsync(Tenant tenant, Person person, CancellationToken cancellation)
    {
        var sessions = await _sessions.FindAsync(filter => filter.Of(tenant, person), sort => sort.Int32("started_at", -1).Int32("_id", -1), int.MaxValue, Read,
            MongoTarget.Primary, cancellation);
        return [.. sessions.OrderByDescending(session => session.StartedAt)];
    }

    public static void Write(BsonWriter document, Tenant tenant, QuestionnaireSession session, string stamp) => document
        .String("_id", BsonDomain.Key(tenant, session.Id)).String("tenant", tenant.Id).String("questionnaire_id", session.QuestionnaireId)
        .Int32("version", session.Version).Person("person", session.Person).String("language", session.Language)
        .Instant("started_at", session.StartedAt).Optional("ended_at", session.EndedAt).String(Stamp.Field, stamp);

    public static QuestionnaireSession Read(ReadOnlySpan<byte> document)
    {
        var (id, questionnaire, version, language) = ("", "", 0, "");
        Person person = default;
        DateTimeOffset startedAt = default;
        DateTimeOffset? endedAt = null;
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) id = BsonDomain.IdOf(fields.String());
            else if (fields.Is("questionnaire_id"u8)) questionnaire = fields.String();
            else if (fields.Is("version"u8)) version = fields.Int32();
            else if (fields.Is("person"u8)) person = fields.Person();
            else if (fields.Is("language"u8)) language = fields.String();
            else if (fields.Is("started_at"u8)) startedAt = fields.Instant();
            else if (fields.Is("started_at_ticks"u8)) startedAt = startedAt.AddTicks(fields.Int32());
            else if (fields.Is("ended_at"u8)) endedAt = fields.Instant();
            else if (fields.Is("ended_at_ticks"u8)) endedAt = endedAt?.AddTicks(fields.Int32());
        }
        return new(id, questionnaire, version, person, language, startedAt) { EndedAt = endedAt };
    }
}
