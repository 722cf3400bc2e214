using Recommender.Storage.Mongo;

namespace Recommender.Storage.Tests.Mongo;

public sealed class MongoErasedDocumentsTests
{
    [Fact]
    public void Every_collection_is_erased_from_or_has_nobody_in_it() =>
        Assert.Equal(MongoCollections.All.Select(collection => collection.Name).Order(),
            ErasedDocuments.All.Select(place => place.Collection).Distinct().Concat(ErasedDocuments.Nobodys).Append(MongoCollections.Schema).Distinct().Except([MongoCollections.Schema]).Order());

    [Fact]
    public void Whatever_is_found_by_its_person_is_erased_from()
    {
        var places = ErasedDocuments.All.Select(place => place.Collection).ToHashSet();
        Assert.All(MongoCollections.All.Where(collection => collection.Name != MongoCollections.ContactLocks && collection.Indexes.Any(index =>
            index.Fields.Any(field => field.EndsWith("person.id", StringComparison.Ordinal) || field is "from.id" or "customer_id"))), collection => Assert.Contains(collection.Name, places));
    }
}
