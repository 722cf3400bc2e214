namespace Recommender.Storage.Mongo;

/// <summary>One index: its name and its fields in their order, descending ones with a minus.</summary>
internal sealed record MongoIndex(string Name, params string[] Fields)
{
    public bool IsUnique { get; init; }

    /// <summary>Only documents that have the field are in it.</summary>
    public string? OnlyWith { get; init; }
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
    public const string Items = "items";
    public const string Customers = "customers";
    public const string Links = "identity_links";
    public const string Scenarios = "scenarios";
    public const string Settings = "settings";
    public const string Checkpoints = "checkpoints";
    public const string Questionnaires = "questionnaires";
    public const string Sessions = "questionnaire_sessions";
    public const string Contacts = "contacts";
    public const string LifeCycle = "life_cycle";
    public const string Models = "models";
    public const string Publications = "publications";
    public const string Recommendations = "recommendations";
    public const string Erasures = "erasures";
    public const string Files = "files";
    public const string Schema = "schema";

    public static IReadOnlyList<MongoCollections> All { get; } = [];
}
