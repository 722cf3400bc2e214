using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Grpc;
using Recommender.Protocol.V1;
using static Recommender.Tests.Server.PlantedShop;
using Person = Recommender.Interactions.Person;

namespace Recommender.Tests.Server;

public sealed class EventTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    [Fact]
    public async Task An_event_counts_in_the_next_recommendation_and_its_undo_takes_it_back()
    {
        var request = new RecommendRequest { CustomerId = "fresh", Count = 5 };
        Assert.Equal(ServedBy.Popular, (await shop.RecommendAsync(request)).ServedBy);

        await shop.RecordAsync(Purchase("fresh-1", "fresh", Garden(3)), Purchase("fresh-2", "fresh", Garden(5)));
        var after = await shop.RecommendAsync(request);
        Assert.Equal(ServedBy.Personalised, after.ServedBy);
        Assert.All(after.Items, item => Assert.StartsWith("garden-", item.ItemId));

        foreach (string eventId in (string[])["fresh-1", "fresh-2"])
            Assert.Equal(EventStatus.Recorded, (await shop.Events.UndoEventAsync(new() { EventId = eventId })).Status);
        Assert.Equal(EventStatus.Duplicate, (await shop.Events.UndoEventAsync(new() { EventId = "fresh-1" })).Status);
        Assert.Equal(ServedBy.Popular, (await shop.RecommendAsync(request)).ServedBy);
    }

    [Fact]
    public async Task The_same_event_twice_is_a_duplicate_and_other_content_under_its_id_a_conflict()
    {
        var first = Purchase("twice", "t", Crime(1));
        first.OccurredAt = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        Assert.Equal([EventStatus.Recorded], (await shop.Events.RecordEventsAsync(new() { Events = { first } })).Statuses);
        Assert.Equal([EventStatus.Duplicate], (await shop.Events.RecordEventsAsync(new() { Events = { first } })).Statuses);

        var other = first.Clone();
        other.ItemId = Crime(2);
        var beside = Purchase("beside-a-conflict", "t", Crime(3));
        var error = await Assert.ThrowsAsync<RpcException>(() => shop.Events.RecordEventsAsync(new() { Events = { beside, other } }).ResponseAsync);

        Assert.Equal(StatusCode.AlreadyExists, error.StatusCode);
        Assert.Equal("events[1].event_id", Assert.Single(error.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations).Field);
        var stored = await shop.Shop.Store.Events.ReadPersonAsync(shop.Shop.Tenant, Person.Customer("t"), default);
        Assert.Equal([Crime(1), Crime(3)], stored.Select(one => one.Event.ItemId));
    }

    [Fact]
    public async Task An_event_sent_again_without_a_time_is_a_duplicate_since_its_sender_said_the_same()
    {
        Assert.Equal([EventStatus.Recorded], (await shop.Events.RecordEventsAsync(new() { Events = { Purchase("retried", "r", Crime(1)) } })).Statuses);
        Assert.Equal([EventStatus.Duplicate], (await shop.Events.RecordEventsAsync(new() { Events = { Purchase("retried", "r", Crime(1)) } })).Statuses);
        var other = await Assert.ThrowsAsync<RpcException>(() => shop.Events.RecordEventsAsync(new() { Events = { Purchase("retried", "r", Crime(2)) } }).ResponseAsync);
        Assert.Equal(StatusCode.AlreadyExists, other.StatusCode);
    }

    public static TheoryData<string, Action<Event>> Faults => new()
    {
        { "event_id", one => one.EventId = "" },
        { "event_id", one => one.EventId = new string('x', 129) },
        { "event_id", one => one.EventId = "undo:something" },
        { "type", one => one.Type = "purchas" },
        { "type", one => one.Type = "undo" },
        { "customer_id", one => one.CustomerId = "" },
        { "customer_id", one => one.ClearPerson() },
        { "item_id", one => one.ItemId = "a\tb" },
        { "quantity", one => one.Quantity = 0 },
        { "quantity", one => one.Quantity = double.NaN },
        { "quantity", one => one.Quantity = 1e300 },
        { "price", one => (one.Price, one.Currency) = (double.NaN, "EUR") },
        { "price", one => (one.Price, one.Currency) = (-1, "EUR") },
        { "currency", one => one.Price = 3 },
        { "currency", one => (one.Price, one.Currency) = (3, "euro") },
        { "rating", one => one.Rating = 4 },
        { "rating", one => (one.Type, one.Rating) = ("rating", 11) },
        { "occurred_at", one => one.OccurredAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddDays(3)) },
        { "occurred_at", one => one.OccurredAt = new Timestamp { Seconds = long.MaxValue } },
        { "channel", one => one.Channel = new string('c', 200) },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task A_fault_is_named_by_its_field_and_nothing_of_the_call_is_recorded(string field, Action<Event> spoil)
    {
        var good = Purchase($"beside-{Guid.NewGuid()}", "careful", Crime(1));
        var bad = Purchase("bad", "careful", Crime(2));
        spoil(bad);
        var error = await Assert.ThrowsAsync<RpcException>(() => shop.Events.RecordEventsAsync(new() { Events = { good, bad } }).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(error.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations, violation => violation.Field == $"events[1].{field}");
        Assert.Null(await shop.Shop.Store.Events.FindAsync(shop.Shop.Tenant, good.EventId, default));
    }

    [Fact]
    public async Task An_import_answers_for_each_event_and_goes_on_from_its_token()
    {
        using (var call = shop.Events.ImportEvents())
        {
            var bad = Purchase("imp-1", "importer", "x");
            bad.Quantity = -4;
            await call.RequestStream.WriteAsync(new() { ImportId = "nightly", Events = { Purchase("imp-0", "importer", Crime(0)), bad } });
            await call.RequestStream.WriteAsync(new() { Events = { Purchase("imp-0", "someone-else", Crime(0)) } });
            await call.RequestStream.CompleteAsync();
            var answer = await call;

            Assert.Equal([EventStatus.Recorded, EventStatus.Invalid, EventStatus.Conflict], answer.Statuses);
            Assert.Equal([(1L, "quantity"), (2L, "event_id")], answer.Failures.Select(failure => (failure.Index, failure.Field)));
            Assert.Equal((3L, 1L, 1L, 1L, true), (answer.State.Events, answer.State.Recorded, answer.State.Conflicts, answer.State.Invalid, answer.State.Complete));
        }

        var state = await shop.Events.GetImportAsync(new() { ImportId = "nightly" });
        using var more = shop.Events.ImportEvents();
        await more.RequestStream.WriteAsync(new() { ImportId = "nightly", ResumeToken = state.ResumeToken, Events = { Purchase("imp-3", "importer", Crime(4)) } });
        await more.RequestStream.CompleteAsync();
        Assert.Equal((4L, 2L), ((await more).State.Events, (await more).State.Recorded));
    }

    [Fact]
    public async Task A_token_of_another_time_is_refused_with_the_call_that_tells_the_present_one()
    {
        using var call = shop.Events.ImportEvents();
        await call.RequestStream.WriteAsync(new() { ImportId = "never-begun", ResumeToken = "17" });
        await call.RequestStream.CompleteAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("GetImport", error.Status.Detail);
    }

    [Fact]
    public async Task Undoing_what_never_happened_is_not_found() => Assert.Equal(StatusCode.NotFound,
        (await Assert.ThrowsAsync<RpcException>(() => shop.Events.UndoEventAsync(new() { EventId = "never" }).ResponseAsync)).StatusCode);
}
