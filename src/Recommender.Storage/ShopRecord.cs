using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Pressure;
using Recommender.Questionnaires;
using Recommender.Ranking;

namespace Recommender.Storage;

/// <summary>One thing that a store keeps of a shop, whole.</summary>
public abstract record ShopRecord(RecordKind Kind)
{
    public sealed record OfItem(Item Item) : ShopRecord(RecordKind.Item);

    /// <summary>With its revision.</summary>
    public sealed record OfCustomer(Customer Customer) : ShopRecord(RecordKind.Customer);

    /// <param name="Made">Its place in the order of their making: the revision it led to.</param>
    public sealed record OfLink(IdentityLink Link, long Made) : ShopRecord(RecordKind.Link);

    public sealed record OfQuestionnaire(QuestionnaireVersion Version) : ShopRecord(RecordKind.Questionnaire);

    public sealed record OfSession(QuestionnaireSession Session) : ShopRecord(RecordKind.Session);

    public sealed record OfContact(Contact Contact) : ShopRecord(RecordKind.Contact);

    public sealed record OfScenario(Scenario Scenario) : ShopRecord(RecordKind.Scenario);

    public sealed record OfSetting(string Name, string Json) : ShopRecord(RecordKind.Setting);

    public sealed record OfCheckpoint(string Name, string Value) : ShopRecord(RecordKind.Checkpoint);

    /// <summary>An erasure that has ended, with everybody it was about: a hash as <see cref="Erasure.HashOf"/> makes it, and whether readmitted since.</summary>
    public sealed record OfErasure(string ReceiptId, DateTimeOffset At, IReadOnlyDictionary<string, long> Deleted, IReadOnlyList<ErasedPerson> People)
        : ShopRecord(RecordKind.Erasure);

    /// <param name="Hash">SHA-256 of the event's id (UTF-8), lower-case hexadecimal.</param>
    public sealed record OfForgottenEvent(string Hash, long Position) : ShopRecord(RecordKind.ForgottenEvent);

    public sealed record OfEvent(StoredEvent Stored) : ShopRecord(RecordKind.Event);

    public sealed record OfRecommendation(ServedRecommendation Served) : ShopRecord(RecordKind.Recommendation);

    public sealed record OfStage(CustomerHistory History) : ShopRecord(RecordKind.Stage);

    /// <summary>The entry of the registry; the model itself is <see cref="IModelArchive"/>'s.</summary>
    public sealed record OfModel(ModelVersion Version) : ShopRecord(RecordKind.Model);

    /// <param name="Sequence">From 1; the highest is live.</param>
    public sealed record OfPublication(long Sequence, Publication Publication) : ShopRecord(RecordKind.Publication);

    /// <summary>One a shop: the last position ever given out, and the revision of its links. Writing never lowers them.</summary>
    public sealed record OfCounters(long LastPosition, long LinkRevision) : ShopRecord(RecordKind.Counters);
}

public readonly record struct ErasedPerson(string Hash, bool Readmitted);
