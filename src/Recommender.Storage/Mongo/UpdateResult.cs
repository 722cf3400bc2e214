namespace Recommender.Storage.Mongo;

/// <param name="Matched">Documents that were there, or deleted.</param>
/// <param name="Inserted">Documents that an upsert made; counted in <paramref name="Matched"/> too.</param>
internal readonly record struct UpdateResult(long Matched, long Inserted)
{
    public long Changed => Matched - Inserted;

    public UpdateResult And(UpdateResult other) => new(Matched + other.Matched, Inserted + other.Inserted);
}
