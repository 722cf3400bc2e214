using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>Makes a collection what it is to be: there, with its validator and its indexes. May be done again at any time.</summary>
internal sealed class MongoStructure(MongoDatabase database, MongoCollections collection)
{
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        if (await TryRunAsync(command => Validator(command.String("create", collection.Name)), cancellation) is { } refusal)
        {
            if (refusal.Code == MongoErrorCodes.NamespaceExists)
            {
                if (await TryRunAsync(command => Validator(command.String("collMod", collection.Name)), cancellation) is { } second && !LacksValidators(second)) throw second;
            }
            else if (!LacksValidators(refusal)) throw refusal;
            else (await database.WriteAsync(command => command.String("create", collection.Name), cancellation)).Dispose();
        }
        if (collection.Indexes.Length == 0) return;
        (await database.RunAsync(command =>
        {
            command.String("createIndexes", collection.Name).BeginArray("indexes");
            foreach (var index in collection.Indexes) Index(command, index);
            command.End().BeginDocument("writeConcern").String("w", "majority").End();
        }, MongoTarget.PrimarySlowly, cancellation)).Dispose();
    }

    // Moderate: a document from before, or put there by hand, can still be changed, so that a stricter validator locks nobody out; what comes new is checked.
    private void Validator(BsonWriter command)
    {
        if (collection.Required.Count == 0) return;
        command.BeginDocument("validator").BeginDocument("$jsonSchema").String("bsonType", "object").Strings("required", collection.Required.Select(field => field.Name))
            .BeginDocument("properties");
        foreach (var field in collection.Required) command.BeginDocument(field.Name).Strings("bsonType", field.Types).End();
        command.End().End().End().String("validationLevel", "moderate").String("validationAction", "error");
    }

    private static void Index(BsonWriter indexes, MongoIndex index)
    {
        indexes.BeginDocument().BeginDocument("key");
        foreach (string field in index.Fields) indexes.Int32(field.TrimStart('-'), field[0] == '-' ? -1 : 1);
        indexes.End().String("name", index.Name);
        if (index.IsUnique) indexes.Boolean("unique", true);
        if (index.OnlyWith is { } present) indexes.BeginDocument("partialFilterExpression").BeginDocument(present).Boolean("$exists", true).End().End();
        indexes.End();
    }

    private async Task<MongoCommandException?> TryRunAsync(Action<BsonWriter> command, CancellationToken cancellation)
    {
        try
        {
            (await database.WriteAsync(command, cancellation)).Dispose();
            return null;
        }
        catch (MongoCommandException refusal)
        {
            return refusal;
        }
    }

    private static bool LacksValidators(MongoCommandException refusal) => refusal.Code is MongoErrorCodes.CommandNotSupported or MongoErrorCodes.InvalidOptions;
}
