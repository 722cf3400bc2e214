namespace Recommender.Storage.Mongo;

/// <summary>One index: its name and its fields in their order, descending ones with a minus.</summary>
internal sealed record MongoIndex(string Name, params string[] Fields)
{
    public bool IsUnique { get; init; }

    /// <summary>Only documents that have the field are in it.</summary>
    public string? OnlyWith { get; init; }
}

/// <summary>A field that every document of a collection has, and what it may be: the names that <c>$jsonSchema</c> has for BSON's types.</summary>
internal sealed record MongoField(string Name, params string[] Types)
{
    public static MongoField Text(string name) => new(name, "string");

    public static MongoField Whole(string name) => new(name, "int", "long");

    public static MongoField Moment(string name) => new(name, "date");

    public static MongoField Document(string name) => new(name, "object");

    public static MongoField List(string name) => new(name, "array");
}

/// <summary>
/// Every collection of a shop, with what it is found by and what it is divided by in a sharded cluster. The indexes are made at start; a collection
/// that is not here is not ours.
/// </summary>
internal sealed record MongoCollections(string Name, IReadOnlyList<string> ShardKey, params MongoIndex[] Indexes)
{
    public const string Events = "events";
    public const string Logs = "logs";
    public const string ForgottenEvents = "forgotten_events";
    public const string Forgettings = "forgettings";
    public const string Items = "items";
    public const string Customers = "customers";
    public const string Links = "identity_links";
    public const string LinkLocks = "identity_link_locks";
    public const string Scenarios = "scenarios";
    public const string Settings = "settings";
    public const string Checkpoints = "checkpoints";
    public const string Questionnaires = "questionnaires";
    public const string Sessions = "questionnaire_sessions";
    public const string Contacts = "contacts";
    public const string ContactLocks = "contact_locks";
    public const string LifeCycle = "life_cycle";
    public const string Models = "models";
    public const string Publications = "publications";
    public const string Recommendations = "recommendations";
    public const string Erasures = "erasures";
    public const string Files = "files";
    public const string ModelFiles = "models.files";
    public const string ModelChunks = "models.chunks";
    public const string Schema = "schema";

    // Ids are unique across shards only where they are what is divided by.
    private static readonly string[] _key = ["_id"];
    private static readonly string[] _person = ["tenant", "person.id"];

    /// <summary>What a document that somebody else puts there must have; the rest may be anything, so that newer versions can add to it.</summary>
    public IReadOnlyList<MongoField> Required { get; init; } = [];

    public static IReadOnlyList<MongoCollections> All { get; } =
    [
        new(Events, _person, new("events_by_position", "tenant", "position"), new("events_by_person", "tenant", "person.kind", "person.id", "position"))
        {
            Required = [MongoField.Text("tenant"), MongoField.Whole("position"), MongoField.Text("type"), MongoField.Document("person"), MongoField.Moment("occurred_at")],
        },
        new(Logs, []),
        new(ForgottenEvents, []) { Required = [MongoField.Text("tenant"), MongoField.Whole("position")] },
        new(Forgettings, []),
        new(MongoChanges.CollectionName, []),
        new(Recommendations, _person, new("recommendations_by_age", "tenant", "served_at", "served_at_ticks", "_id"),
            new("recommendations_by_person", "tenant", "person.kind", "person.id", "-served_at", "-served_at_ticks", "-_id"))
        {
            Required = [MongoField.Text("tenant"), MongoField.Moment("served_at"), MongoField.List("items")],
        },
        new(Models, [], new MongoIndex("models_by_age", "tenant", "-trained_at")) { Required = [MongoField.Text("tenant"), MongoField.Moment("trained_at"), MongoField.Text("card")] },
        new(Publications, [], new MongoIndex("publications_by_sequence", "tenant", "-sequence"))
        {
            Required = [MongoField.Text("tenant"), MongoField.Whole("sequence"), MongoField.Text("model_id"), MongoField.Moment("published_at")],
        },
        new(ModelFiles, [], new MongoIndex("models_files_by_name", "filename", "uploadDate")),
        new(ModelChunks, ["files_id"], new MongoIndex("models_chunks_by_file", "files_id", "n") { IsUnique = true }),
        new(Files, []),
        new(Items, _key) { Required = [MongoField.Text("tenant"), new("available", "bool"), MongoField.Document("attributes")] },
        new(Customers, _key) { Required = [MongoField.Text("tenant"), MongoField.Document("attributes"), MongoField.Whole("revision")] },
        new(LifeCycle, _key, new("life_cycle_by_worth", "tenant", "stage", "-worth", "_id") { OnlyWith = "stage" },
            new("life_cycle_by_due_at", "tenant", "due_at", "due_at_ticks", "_id") { OnlyWith = "due_at" })
        {
            Required = [MongoField.Text("tenant"), MongoField.List("transitions")],
        },
        new(Links, _key, new("identity_links_from", "tenant", "from.kind", "from.id", "made"), new("identity_links_to", "tenant", "customer_id", "made"))
        {
            Required = [MongoField.Text("tenant"), MongoField.Document("from"), MongoField.Text("customer_id"), MongoField.Whole("made"), MongoField.Whole("revision")],
        },
        new(LinkLocks, []),
        new(Questionnaires, []) { Required = [MongoField.Text("tenant"), MongoField.Text("questionnaire_id"), MongoField.Whole("version"), MongoField.Moment("at")] },
        new(Sessions, _key, new MongoIndex("questionnaire_sessions_by_person", "tenant", "person.kind", "person.id", "-started_at", "-_id"))
        {
            Required = [MongoField.Text("tenant"), MongoField.Document("person"), MongoField.Moment("started_at")],
        },
        new(Contacts, _key, new MongoIndex("contacts_by_person", "tenant", "person.kind", "person.id", "at", "_id"))
        {
            Required = [MongoField.Text("tenant"), MongoField.Document("person"), MongoField.Text("channel"), MongoField.Text("state"), MongoField.Moment("at"), MongoField.Whole("revision")],
        },
        new(ContactLocks, _key, new MongoIndex("contact_locks_by_person", "tenant", "intent.document.person.kind", "intent.document.person.id") { OnlyWith = "intent" }),
        new(Scenarios, []) { Required = [MongoField.Text("tenant")] },
        new(Settings, []) { Required = [MongoField.Text("tenant")] },
        new(Checkpoints, []) { Required = [MongoField.Text("tenant")] },
        new(Erasures, [], new("erasures_by_people", "tenant", "people"), new("erasures_open", "erasing") { OnlyWith = "erasing" },
            new("erasures_to_sweep", "ended_at") { OnlyWith = "ended_at" })
        {
            Required = [MongoField.Text("tenant"), MongoField.Moment("at"), MongoField.List("people"), MongoField.Document("deleted")],
        },
    ];
}
