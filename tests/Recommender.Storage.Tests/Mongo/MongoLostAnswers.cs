using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Storage.Tests.Contracts;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Mongo;

// What a store promises holds where answers are lost and writes are sent again: each knows its own.

public sealed class MongoLostAnswersCustomerStoreTests() : CustomerStoreContract(FaultyEngine.LosingAnswers());

public sealed class MongoLostAnswersIdentityLinksTests() : IdentityLinksContract(FaultyEngine.LosingAnswers());

public sealed class MongoLostAnswersContactLedgerTests() : ContactLedgerContract(FaultyEngine.LosingAnswers());

public sealed class MongoLostAnswersShopRecordsTests() : ShopRecordsContract(new MongoEngine(), FaultyEngine.LosingAnswers());

public sealed class MongoLostAnswersTests() : StoreContract(FaultyEngine.LosingAnswers())
{
    [Fact]
    public async Task Whoever_was_first_is_told_so_and_nobody_else()
    {
        // Of any two writes one is sent twice.
        for (int i = 0; i < 4; i++)
        {
            QuestionnaireSession session = new($"s{i}", "taste", 1, Person.Customer("ann"), "en", Noon);
            Assert.True(await Store.Sessions.TryStartAsync(Books, session, Stop));
            Assert.False(await Store.Sessions.TryStartAsync(Books, session, Stop));
            Assert.True(await Store.Sessions.TryEndAsync(Books, session.Id, Noon, Stop));
            Assert.False(await Store.Sessions.TryEndAsync(Books, session.Id, Noon, Stop));
            Assert.True(await Store.Settings.TryAddAsync(Books, $"setting {i}", "{}", Stop));
            Assert.False(await Store.Settings.TryAddAsync(Books, $"setting {i}", "{}", Stop));
            QuestionnaireVersion version = new("taste", i + 1, Noon, "{}");
            Assert.True(await Store.Questionnaires.TryPublishAsync(Books, version, Stop));
            Assert.False(await Store.Questionnaires.TryPublishAsync(Books, version, Stop));
        }
    }

    [Fact]
    public async Task A_receipt_counts_every_record_once_and_a_readmission_is_made_once()
    {
        for (int i = 0; i < 3; i++)
        {
            await Store.Items.UpsertAsync(Books, [new Item("book") { AddedAt = Noon.AddDays(i) }], Stop);
            await Store.Customers.UpsertAsync(Books, [new Customer("ann")], Stop);
            await Store.LifeCycle.SaveAsync(Books, [new("ann", null, [new("", "a", Noon, ""), new("a", "b", Noon, "")])], Stop);
            await Store.Sessions.TryStartAsync(Books, new($"s{i}", "taste", 1, Person.Customer("ann"), "en", Noon), Stop);
            var deleted = (await Store.Erasures.EraseAsync(Books, [Person.Customer("ann")], $"r{i}", Noon, Erasure.Nothing, Stop)).Deleted;
            Assert.Equal((1, 2, 1), (deleted["profiles"], deleted["stages"], deleted["sessions"]));
            Assert.True(await Store.Erasures.ReadmitAsync(Books, Person.Customer("ann"), Stop));
            Assert.False(await Store.Erasures.ReadmitAsync(Books, Person.Customer("ann"), Stop));
        }
        Assert.Equal(Noon, (await Store.Items.FindAsync(Books, "book", Stop))!.AddedAt);
    }
}
