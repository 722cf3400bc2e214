using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>Which documents are the records of a shop, and how each is written and read: as the stores do it.</summary>
internal static class RecordDocument
{
    public static string CollectionOf(RecordKind kind) => kind switch
    {
        RecordKind.Item => MongoCollections.Items,
        RecordKind.Customer => MongoCollections.Customers,
        RecordKind.Link => MongoCollections.Links,
        RecordKind.Questionnaire => MongoCollections.Questionnaires,
        RecordKind.Session => MongoCollections.Sessions,
        RecordKind.Contact => MongoCollections.Contacts,
        RecordKind.Scenario => MongoCollections.Scenarios,
        RecordKind.Setting => MongoCollections.Settings,
        RecordKind.Checkpoint => MongoCollections.Checkpoints,
        RecordKind.Erasure => MongoCollections.Erasures,
        RecordKind.ForgottenEvent => MongoCollections.ForgottenEvents,
        RecordKind.Event => MongoCollections.Events,
        RecordKind.Recommendation => MongoCollections.Recommendations,
        RecordKind.Stage => MongoCollections.LifeCycle,
        RecordKind.Model => MongoCollections.Models,
        RecordKind.Publication => MongoCollections.Publications,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no kind of record that is a document"),
    };

    /// <summary>Null for what is no record: an erasure that has not ended.</summary>
    public static ShopRecord? Read(RecordKind kind, ReadOnlySpan<byte> document)
    {
        string id = BsonDomain.IdOf(BsonDomain.KeyOf(document));
        return kind switch
        {
            RecordKind.Item => new ShopRecord.OfItem(MongoItemStore.Read(document)),
            RecordKind.Customer => new ShopRecord.OfCustomer(CustomerBson.Read(document)),
            RecordKind.Link => StoredLink.Read(document) is var stored ? new ShopRecord.OfLink(stored.Link, stored.Made) : null,
            RecordKind.Questionnaire => new ShopRecord.OfQuestionnaire(MongoQuestionnaireStore.Read(document)),
            RecordKind.Session => new ShopRecord.OfSession(MongoQuestionnaireSessions.Read(document)),
            RecordKind.Contact => new ShopRecord.OfContact(StoredContact.Read(document).Contact),
            RecordKind.Scenario => new ShopRecord.OfScenario(MongoScenarioStore.Read(document)),
            RecordKind.Setting => new ShopRecord.OfSetting(id, NamedDocuments.Read(document)),
            RecordKind.Checkpoint => new ShopRecord.OfCheckpoint(id, NamedDocuments.Read(document)),
            RecordKind.Erasure => StoredErasure.Read(document) is { IsDone: true } ended ? ended.Record : null,
            RecordKind.ForgottenEvent => new ShopRecord.OfForgottenEvent(id, ForgottenEvents.ReadPlace(document).Position),
            RecordKind.Event => new ShopRecord.OfEvent(EventDocument.Read(document)),
            RecordKind.Recommendation => new ShopRecord.OfRecommendation(ServedDocument.Read(document)),
            RecordKind.Stage => new ShopRecord.OfStage(LifeCycleBson.Read(document)),
            RecordKind.Model => new ShopRecord.OfModel(MongoModelRegistry.ReadVersion(document)),
            RecordKind.Publication => new ShopRecord.OfPublication(MongoModelRegistry.ReadSequence(document), MongoModelRegistry.ReadPublication(document)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no kind of record that is a document"),
        };
    }

    /// <param name="stamp">Of the writing: whoever decides on the document later sees that it is not their own.</param>
    public static ReadOnlyMemory<byte> Write(Tenant tenant, ShopRecord record, string stamp) => record switch
    {
        ShopRecord.OfItem { Item: var item } => Written(document => MongoItemStore.Write(document, tenant, item)),
        ShopRecord.OfCustomer { Customer: var customer } => CustomerBson.Write(tenant, customer, customer.Revision, stamp),
        // When it was last changed is not told; the revision that it led to is one at which it was there.
        ShopRecord.OfLink { Link: var link, Made: var made } => StoredLink.Write(tenant, link, made, revision: made, stamp),
        ShopRecord.OfQuestionnaire { Version: var version } => MongoQuestionnaireStore.Document(tenant, version, stamp).Document,
        ShopRecord.OfSession { Session: var session } => Written(document => MongoQuestionnaireSessions.Write(document, tenant, session, stamp)),
        ShopRecord.OfContact { Contact: var contact } => StoredContact.Write(tenant, contact, revision: 1, stamp),
        ShopRecord.OfScenario { Scenario: var scenario } => Written(document => MongoScenarioStore.Write(document, tenant, scenario)),
        ShopRecord.OfSetting { Name: var name, Json: var json } => Written(document => NamedDocuments.Write(document, tenant, name, json, stamp)),
        ShopRecord.OfCheckpoint { Name: var name, Value: var value } => Written(document => NamedDocuments.Write(document, tenant, name, value, stamp)),
        ShopRecord.OfErasure ended => Written(document => StoredErasure.Write(document, tenant, ended, stamp)),
        ShopRecord.OfForgottenEvent { Hash: var hash, Position: var position } => Written(document => ForgottenEvents.Write(document, tenant, hash, position)),
        ShopRecord.OfEvent { Stored: var (position, happened) } => Written(document => EventDocument.Write(document, tenant, position, happened)),
        ShopRecord.OfRecommendation { Served: var served } => Written(document => ServedDocument.Write(document, tenant, served)),
        ShopRecord.OfStage { History: var history } => LifeCycleBson.Write(tenant, history),
        ShopRecord.OfModel { Version: var version } => Written(entry => MongoModelRegistry.Write(entry, tenant, version)),
        ShopRecord.OfPublication { Sequence: var sequence, Publication: var publication } => Written(entry => MongoModelRegistry.Write(entry, tenant, sequence, publication)),
        _ => throw new ArgumentException($"a record of the kind {record.Kind} is none that this store knows.", nameof(record)),
    };

    private static ReadOnlyMemory<byte> Written(Action<BsonWriter> content) => MongoCollection.DocumentOf(content);
}
