using System.Globalization;
using System.Text;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>A draft or version is a document with the key tenant/id/version.</summary>
internal sealed class MongoQuestionnaireStore(MongoDatabase database, MongoChanges changes) : IQuestionnaireStore
{
    private readonly MongoCollection _questionnaires = database.Collection(MongoCollections.Questionnaires);
    private readonly KeyedDocuments<QuestionnaireVersion> _keyed = new(database.Collection(MongoCollections.Questionnaires), Read);

    public Task SaveDraftAsync(Tenant tenant, QuestionnaireVersion draft, CancellationToken cancellation)
    {
        StorablePeople.Check(draft, isDraft: true);
        var (key, document) = Document(tenant, draft, Stamp.New());
        return Unbroken.RunAsync(async () =>
        {
            await _questionnaires.ReplaceAsync([(key, document)], CancellationToken.None);
            await changes.NoteAsync(tenant, StoredKind.Questionnaire, [draft.Id], CancellationToken.None);
        }, cancellation);
    }

    public Task<bool> TryPublishAsync(Tenant tenant, QuestionnaireVersion version, CancellationToken cancellation)
    {
        StorablePeople.Check(version, isDraft: false);
        string stamp = Stamp.New();
        var (key, document) = Document(tenant, version, stamp);
        return Unbroken.RunAsync(async () =>
        {
            if (!await _questionnaires.TryInsertStampedAsync(key, document, stamp, CancellationToken.None)) return false;
            await changes.NoteAsync(tenant, StoredKind.Questionnaire, [version.Id], CancellationToken.None);
            return true;
        }, cancellation);
    }

    public async Task<IReadOnlyList<QuestionnaireVersion>> ListAsync(Tenant tenant, CancellationToken cancellation)
    {
        var all = await _keyed.ListAsync(tenant, null, int.MaxValue, cancellation);
        return [.. all.Select(one => (Utf8: Encoding.UTF8.GetBytes(one.Id), Version: one))
            .OrderBy(one => one.Utf8, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).ThenBy(one => one.Version.Version).Select(one => one.Version)];
    }

    public static (string Key, ReadOnlyMemory<byte> Document) Document(Tenant tenant, QuestionnaireVersion version, string stamp)
    {
        string key = BsonDomain.Key(tenant, string.Create(CultureInfo.InvariantCulture, $"{version.Id}/{version.Version}"));
        return (key, MongoCollection.DocumentOf(writer => writer.String("_id", key).String("tenant", tenant.Id).String("questionnaire_id", version.Id)
            .Int32("version", version.Version).Instant("at", version.At).Json("definition", version.Definition).String(Stamp.Field, stamp)));
    }

    public static QuestionnaireVersion Read(ReadOnlySpan<byte> document)
    {
        var (id, version, at, definition) = ("", 0, default(DateTimeOffset), "");
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("questionnaire_id"u8)) id = fields.String();
            else if (fields.Is("version"u8)) version = fields.Int32();
            else if (fields.Is("at"u8)) at = fields.Instant();
            else if (fields.Is("at_ticks"u8)) at = at.AddTicks(fields.Int32());
            else if (fields.Is("definition"u8)) definition = fields.Json();
        }
        return new(id, version, at, definition);
    }
}
