using System.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Grpc;
using Recommender.Models;
using Recommender.Protocol.V1;
using Recommender.Ranking;
using Recommender.Storage;
using static Recommender.Tests.Server.PlantedShop;

namespace Recommender.Tests.Server;

/// <summary>What being forgotten means for imports, devices, second accounts, memory and models.</summary>
public sealed class ErasureTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    [Fact]
    public async Task One_event_of_an_erased_person_is_reported_and_the_rest_of_an_import_is_recorded()
    {
        await EraseAsync("import-gone");
        using var call = shop.Events.ImportEvents();
        await call.RequestStream.WriteAsync(new() { ImportId = "nightly", Events = { Purchase("im-1", "import-stays", Crime(1)), Purchase("im-2", "import-gone", Crime(1)), Purchase("im-3", "import-stays", Crime(2)) } });
        await call.RequestStream.CompleteAsync();

        var response = await call;

        Assert.Equal([EventStatus.Recorded, EventStatus.Invalid, EventStatus.Recorded], response.Statuses);
        Assert.True(response.State.Complete);
        var failure = Assert.Single(response.Failures);
        Assert.Equal((1, "im-2", "customer_id"), (failure.Index, failure.EventId, failure.Field));
        Assert.Contains("asked to be forgotten", failure.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_with_an_event_of_an_erased_person_says_which_one_it_is()
    {
        await EraseAsync("record-gone");

        var refused = await Assert.ThrowsAsync<RpcException>(() => shop.RecordAsync(Purchase("rc-1", "record-stays", Crime(1)), Purchase("rc-2", "record-gone", Crime(1))));

        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Equal("events[1].customer_id", Assert.Single(refused.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations).Field);
    }

    [Fact]
    public async Task What_a_stopped_training_had_learned_so_far_is_gone_when_somebody_is_erased()
    {
        await shop.RecordAsync(Purchase("cp-1", "checkpoint-gone", Crime(1)));
        using (var kept = new TrainingCheckpoint(shop.Folder, _ => { }))
        {
            Assert.Null(kept.Open("a training"));
            kept.Save("a training", stream => stream.Write("factors of checkpoint-gone"u8));
        }
        Assert.Contains(Directory.GetFiles(shop.Folder), HoldsFactors);

        await EraseAsync("checkpoint-gone");

        Assert.DoesNotContain(Directory.GetFiles(shop.Folder, "training*"), HoldsFactors);

        static bool HoldsFactors(string file) => Path.GetFileName(file).StartsWith("training", StringComparison.Ordinal)
            && File.ReadAllBytes(file).AsSpan().IndexOf("factors of checkpoint-gone"u8) >= 0;
    }

    [Fact]
    public async Task Whoever_is_readmitted_can_use_their_devices_again()
    {
        await shop.Identity.LinkAsync(new() { FromVisitorId = "back-phone", CustomerId = "back" });
        await EraseAsync("back");
        await Assert.ThrowsAsync<RpcException>(() => shop.RecordAsync(Seen("bk-1", "back-phone")));

        await shop.Customers.ReadmitCustomerAsync(new() { CustomerId = "back" });

        await shop.RecordAsync(Seen("bk-2", "back-phone"));
        await shop.Identity.LinkAsync(new() { FromVisitorId = "back-phone", CustomerId = "back" });
        Assert.Equal("bk-2", Assert.Single((await shop.Customers.GetCustomerAsync(new() { CustomerId = "back" })).Events).EventId);
    }

    [Fact]
    public async Task A_second_account_is_not_erased_together_with_the_customer_it_belongs_to()
    {
        await shop.RecordAsync(Purchase("ac-1", "main-account", Crime(1)));
        await shop.Identity.LinkAsync(new() { FromCustomerId = "second-account", CustomerId = "main-account" });

        var refused = await Assert.ThrowsAsync<RpcException>(() => EraseAsync("second-account"));

        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Contains("belongs to customer main-account", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Single((await shop.Customers.GetCustomerAsync(new() { CustomerId = "main-account" })).Orders);
        await shop.Identity.UnlinkAsync(new() { FromCustomerId = "second-account", CustomerId = "main-account" });
        await EraseAsync("second-account");
        Assert.Single((await shop.Customers.GetCustomerAsync(new() { CustomerId = "main-account" })).Orders);
    }

    [Fact]
    public async Task On_a_shared_device_also_what_the_erased_customer_was_shown_is_forgotten_and_counted()
    {
        await shop.RecordAsync(Seen("sh-1", "sh-tablet"), Seen("sh-2", "sh-tablet"));
        await shop.Identity.LinkAsync(new() { FromVisitorId = "sh-tablet", CustomerId = "sh-leaves" });
        var written = await shop.RecommendAsync(new() { VisitorId = "sh-tablet" });
        await WrittenAsync(written.RecommendationId);
        var waiting = await shop.RecommendAsync(new() { VisitorId = "sh-tablet" });
        await shop.Identity.LinkAsync(new() { FromVisitorId = "sh-tablet", CustomerId = "sh-stays" });
        var others = await shop.RecommendAsync(new() { VisitorId = "sh-tablet" });

        var receipt = await EraseAsync("sh-leaves");

        Assert.Equal((2, 2), (receipt.Deleted["events"], receipt.Deleted["recommendations"]));
        await WrittenAsync(others.RecommendationId);
        Assert.Null(await shop.Shop.Served.FindAsync(written.RecommendationId, CancellationToken.None));
        Assert.Null(await shop.Shop.Served.FindAsync(waiting.RecommendationId, CancellationToken.None));
        Assert.Equal(others.RecommendationId, Assert.Single((await shop.Customers.GetCustomerAsync(new() { CustomerId = "sh-stays" })).Recommendations).RecommendationId);
    }

    [Fact]
    public async Task An_answer_that_is_written_only_after_its_person_was_erased_is_not_remembered()
    {
        await EraseAsync("served-gone");
        shop.Shop.Served.Remember(Answer("an-answer-too-late", "served-gone"));
        shop.Shop.Served.Remember(Answer("an-answer-behind-it", "served-stays"));
        await WrittenAsync("an-answer-behind-it");

        // Written in their order: this one would be there by now.
        Assert.Null(await shop.Shop.Store.Recommendations.FindAsync(shop.Shop.Tenant, "an-answer-too-late", CancellationToken.None));

    }

    [Fact]
    public async Task An_answer_that_waits_to_be_written_is_not_among_what_its_person_was_shown_once_they_are_erased()
    {
        var person = Recommender.Interactions.Person.Customer("waits-gone");
        await EraseAsync("waits-gone");
        shop.Shop.Served.Remember(Answer("an-answer-that-waits", "waits-gone"));

        Assert.Empty(shop.Shop.Served.WaitingFor(person, DateTimeOffset.MinValue));
        Assert.Empty(await shop.Shop.Served.ShownToAsync(person, DateTimeOffset.MinValue, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Readmitting_somebody_lets_nobody_in_who_is_just_being_erased()
    {
        var leaving = Recommender.Interactions.Person.Customer("just-leaving");
        await EraseAsync("just-back");
        await shop.Shop.Erased.BeginAsync([leaving], CancellationToken.None);

        await shop.Customers.ReadmitCustomerAsync(new() { CustomerId = "just-back" });

        Assert.True(shop.Shop.Erased.Contains(leaving));
        await shop.Shop.Erased.EndAsync([leaving], CancellationToken.None);
        Assert.False(shop.Shop.Erased.Contains(leaving));
    }

    [Fact]
    public async Task Key_accounts_that_were_worked_out_before_an_erasure_do_not_bring_anybody_back()
    {
        var settings = shop.Shop.RelationshipSettings;
        await settings.SetKeyAccountsAsync(["key-gone", "key-stays"], CancellationToken.None);
        await EraseAsync("key-gone");
        Assert.Equal(["key-stays"], shop.Shop.Relationships.Rules.KeyAccounts.CustomerIds);

        await settings.SetKeyAccountsAsync(["key-gone", "key-stays"], CancellationToken.None);

        Assert.Equal(["key-stays"], shop.Shop.Relationships.Rules.KeyAccounts.CustomerIds);
        Assert.DoesNotContain("key-gone", await shop.Shop.Store.Settings.FindAsync(shop.Shop.Tenant, "key_accounts", CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_names_the_models_that_were_reading_when_the_customer_left_and_none_that_began_later()
    {
        var receipt = await EraseAsync("modelled");
        var models = shop.Shop.Store.Models;
        var before = (await models.ListAsync(shop.Shop.Tenant, CancellationToken.None))[0];
        var at = receipt.At.ToDateTimeOffset();
        var card = ModelCard.Parse(Encoding.UTF8.GetBytes(before.Card)) with { Id = "overlapping", ReadFrom = at.AddMinutes(-1), TrainedAt = at.AddMinutes(1) };
        await models.AddAsync(shop.Shop.Tenant, new(card.Id, card.TrainedAt, card.EventsUpTo, card.ToJson()), CancellationToken.None);
        string later = (await shop.TrainAsync()).Model.ModelId;

        receipt = await shop.Customers.GetErasureReceiptAsync(new() { ReceiptId = receipt.ReceiptId });

        Assert.Contains(before.Id, receipt.ModelIds);
        Assert.Contains("overlapping", receipt.ModelIds);
        Assert.DoesNotContain(later, receipt.ModelIds);
    }

    private async Task WrittenAsync(string recommendationId)
    {
        while (await shop.Shop.Store.Recommendations.FindAsync(shop.Shop.Tenant, recommendationId, CancellationToken.None) is null) await Task.Delay(5);
    }

    private Task<ErasureReceipt> EraseAsync(string customerId) => shop.Customers.EraseCustomerAsync(new() { CustomerId = customerId }).ResponseAsync;

    private ServedRecommendation Answer(string id, string customerId) =>
        new(id, shop.Clock.GetUtcNow(), Recommender.Interactions.Person.Customer(customerId), "home", "popular", "", []);

    private static Event Seen(string id, string visitorId, DateTimeOffset? at = null) =>
        new() { EventId = id, Type = "view", VisitorId = visitorId, ItemId = Crime(1), OccurredAt = at is { } moment ? Timestamp.FromDateTimeOffset(moment) : null };
}
