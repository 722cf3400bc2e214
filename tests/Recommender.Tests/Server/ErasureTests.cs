using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Grpc;
using Recommender.Protocol.V1;
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

    private Task<ErasureReceipt> EraseAsync(string customerId) => shop.Customers.EraseCustomerAsync(new() { CustomerId = customerId }).ResponseAsync;

    private static Event Seen(string id, string visitorId, DateTimeOffset? at = null) =>
        new() { EventId = id, Type = "view", VisitorId = visitorId, ItemId = Crime(1), OccurredAt = at is { } moment ? Timestamp.FromDateTimeOffset(moment) : null };
}
