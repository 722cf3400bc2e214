using Recommender.Interactions;

namespace Recommender.Storage.Mongo;

/// <summary>Who asked to be forgotten, by their hashes in the receipts.</summary>
internal sealed class ErasedPeople(MongoDatabase database)
{
    private readonly MongoCollection _erasures = database.Collection(MongoCollections.Erasures);

    public async Task<bool> AnyAsync(Tenant tenant, IEnumerable<Person> people, CancellationToken cancellation) => await _erasures.FindOneAsync(
        filter => filter.String("tenant", tenant.Id).BeginDocument("people").Strings("$in", people.Select(person => Erasure.HashOf(tenant, person))).End()
            .BeginDocument("readmitted").Boolean("$exists", false).End(), _ => "", cancellation) is not null;
}
