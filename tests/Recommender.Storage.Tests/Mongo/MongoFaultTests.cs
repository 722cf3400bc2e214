using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>What can happen between a store and one server, and what the caller sees of it.</summary>
public sealed class MongoFaultTests : IAsyncDisposable
{
    private static readonly MongoOptions _patience = new() { LongestOperation = TimeSpan.FromSeconds(2), LongestOpening = TimeSpan.FromSeconds(1) };

    private readonly MongoEngine _engine = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(NetworkFault.CutBefore))]
    [InlineData(nameof(NetworkFault.CutInReply))]
    public async Task A_write_whose_connection_breaks_is_made_once(string fault)
    {
        await using var proxy = new FaultyProxy(_engine.Uri);
        await using var transport = new MongoTransport(proxy.Uri, _patience);
        var database = Database(transport);
        var things = database.Collection("things");
        proxy.Once("insert", Enum.Parse<NetworkFault>(fault));

        await things.InsertAsync([Thing("a"), Thing("b")], Stop);

        Assert.True(database.CommandsRun >= 2);
        Assert.Equal(2, await things.CountAsync(_ => { }, Stop));
    }

    [Fact]
    public async Task A_network_that_breaks_again_and_again_loses_and_doubles_nothing()
    {
        await using var proxy = new FaultyProxy(_engine.Uri);
        var patience = new MongoOptions();
        await using var transport = new MongoTransport(proxy.Uri, patience);
        var things = new MongoDatabase(transport, _engine.Database, patience, TimeProvider.System).Collection("things");
        int commands = 0;
        proxy.Decide = name => name != "insert" ? NetworkFault.None : (Interlocked.Increment(ref commands) % 5) switch { 0 => NetworkFault.CutInReply, 2 => NetworkFault.CutBefore, _ => NetworkFault.None };

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (int i = 0; i < 5; i++) await things.InsertAsync([Thing($"{writer}-{i}")], Stop);
        }));

        Assert.Equal(20, await things.CountAsync(_ => { }, Stop));
    }

    [Fact]
    public async Task A_full_disk_is_said_and_the_same_write_succeeds_once_there_is_room()
    {
        await using var proxy = new FaultyProxy(_engine.Uri);
        await using var transport = new MongoTransport(proxy.Uri, _patience);
        var database = Database(transport);
        var things = database.Collection("things");
        proxy.Answer = answer => answer.Double("ok", 0).Int32("code", 14031).String("codeName", "OutOfDiskSpace").String("errmsg", "no space left");
        proxy.Once("insert", NetworkFault.Answered);

        await Assert.ThrowsAsync<StoreFullException>(() => things.InsertAsync([Thing("a")], Stop));
        Assert.Equal(1, database.CommandsRun);
        Assert.Empty(await things.InsertAsync([Thing("a")], Stop));

        // The other way a server says it: of a write among several.
        proxy.Answer = answer => answer.Double("ok", 1).Int32("n", 0).BeginArray("writeErrors")
            .BeginDocument().Int32("index", 0).Int32("code", 14031).String("errmsg", "no space left").End().End();
        proxy.Once("insert", NetworkFault.Answered);
        await Assert.ThrowsAsync<StoreFullException>(() => things.InsertAsync([Thing("b")], Stop));
    }

    [Fact]
    public async Task A_write_that_its_majority_did_not_confirm_is_sent_again_if_the_primary_moved_and_else_said()
    {
        await using var proxy = new FaultyProxy(_engine.Uri);
        await using var transport = new MongoTransport(proxy.Uri, _patience);
        var database = Database(transport);
        var things = database.Collection("things");

        proxy.Answer = answer => Unconfirmed(answer, 91);
        proxy.Once("insert", NetworkFault.AnsweredAfterwards);
        Assert.Equal([0], await things.InsertAsync([Thing("a")], Stop));
        Assert.Equal(2, database.CommandsRun);

        proxy.Answer = answer => Unconfirmed(answer, 64);
        proxy.Once("insert", NetworkFault.AnsweredAfterwards);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => things.InsertAsync([Thing("b")], Stop));
        Assert.Equal(2, await things.CountAsync(_ => { }, Stop));

        static void Unconfirmed(BsonWriter answer, int code) =>
            answer.Double("ok", 1).Int32("n", 1).BeginDocument("writeConcernError").Int32("code", code).String("errmsg", "waiting for replication").End();
    }

    [Fact]
    public async Task A_router_that_says_of_single_writes_that_a_primary_moved_is_asked_again()
    {
        await using var proxy = new FaultyProxy(_engine.Uri);
        await using var transport = new MongoTransport(proxy.Uri, _patience);
        var things = Database(transport).Collection("things");
        proxy.Answer = answer => answer.Double("ok", 1).Int32("n", 0).BeginArray("writeErrors")
            .BeginDocument().Int32("index", 0).Int32("code", 189).String("errmsg", "stepped down").End().End();
        proxy.Once("insert", NetworkFault.Answered);

        Assert.Empty(await things.InsertAsync([Thing("a")], Stop));
        Assert.Equal(1, await things.CountAsync(_ => { }, Stop));
    }

    [Fact]
    public async Task A_slow_server_is_waited_for_until_the_callers_deadline_and_no_longer()
    {
        await using var proxy = new FaultyProxy(_engine.Uri);
        await using var transport = new MongoTransport(proxy.Uri, _patience);
        var database = Database(transport);
        var things = database.Collection("things");
        await things.InsertAsync([Thing("a")], Stop);
        (proxy.Delay, proxy.Decide) = (TimeSpan.FromMilliseconds(500), name => name == "find" ? NetworkFault.Slow : NetworkFault.None);

        Assert.NotNull(await things.FindByIdAsync("a", _ => "", Stop));
        proxy.Delay = TimeSpan.FromMinutes(1);
        using (StoreDeadline.Use(TimeProvider.System.GetUtcNow().AddMilliseconds(300)))
        {
            await Assert.ThrowsAsync<StoreTimeoutException>(() => things.FindByIdAsync("a", _ => "", Stop)).WaitAsync(TimeSpan.FromSeconds(2), Stop);
            await Task.Delay(TimeSpan.FromMilliseconds(300), Stop);
            long sent = database.CommandsRun;
            await Assert.ThrowsAsync<StoreTimeoutException>(() => things.FindByIdAsync("a", _ => "", Stop));
            Assert.Equal(sent, database.CommandsRun);
        }
    }

    [Fact]
    public async Task Cancelling_frees_the_caller_at_once_and_the_others_are_served()
    {
        await using var proxy = new FaultyProxy(_engine.Uri);
        await using var transport = new MongoTransport(proxy.Uri, _patience with { Connections = 2 });
        var things = Database(transport).Collection("things");
        await things.InsertAsync([Thing("a")], Stop);
        int asked = 0;
        (proxy.Delay, proxy.Decide) = (TimeSpan.FromSeconds(1), name => name == "find" && Interlocked.Increment(ref asked) <= 2 ? NetworkFault.Slow : NetworkFault.None);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        // Two on their way, more behind them.
        var given = Enumerable.Range(0, 20).Select(_ => things.FindByIdAsync("a", _ => "", cancelled.Token)).ToArray();
        await cancelled.CancelAsync();
        foreach (var up in given) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => up.WaitAsync(TimeSpan.FromMilliseconds(500), Stop));

        Assert.Equal("found", await things.FindByIdAsync("a", _ => "found", Stop));
        Assert.InRange(asked, 1, 3);
    }

    [Fact]
    public async Task A_server_that_refuses_connections_is_said_within_the_time_of_an_operation_and_used_again_when_it_is_back()
    {
        await using var proxy = new FaultyProxy(_engine.Uri);
        await using var transport = new MongoTransport(proxy.Uri, _patience);
        var things = Database(transport).Collection("things");
        await things.InsertAsync([Thing("a")], Stop);
        await proxy.RefuseAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => things.InsertAsync([Thing("b")], Stop)).WaitAsync(TimeSpan.FromSeconds(5), Stop);

        proxy.AcceptAgain();
        await things.InsertAsync([Thing("b")], Stop);
        Assert.Equal(2, await things.CountAsync(_ => { }, Stop));
    }

    [Fact]
    public async Task A_server_that_hangs_costs_its_callers_their_time_and_no_more_and_is_used_again_when_it_goes_on()
    {
        using var gateway = await Gateway.StartAsync(Stop);
        await using var transport = new MongoTransport(gateway.Uri, _patience);
        var things = Database(transport).Collection("things");
        await things.InsertAsync([Thing("a")], Stop);
        gateway.Hang();

        var late = Enumerable.Range(0, 20).Select(i => things.InsertAsync([Thing($"late-{i}")], Stop)).ToArray();
        foreach (var one in late)
        {
            var refusal = await Assert.ThrowsAnyAsync<StoreException>(() => one.WaitAsync(TimeSpan.FromSeconds(5), Stop));
            Assert.True(refusal is StoreTimeoutException or StoreUnavailableException);
        }

        gateway.GoOn();
        await things.InsertAsync([Thing("b")], Stop);
        Assert.InRange(await things.CountAsync(_ => { }, Stop), 2, 22);
    }

    [Fact]
    public async Task Closing_ends_soon_though_the_server_hangs()
    {
        using var gateway = await Gateway.StartAsync(Stop);
        var transport = new MongoTransport(gateway.Uri, _patience);
        var things = Database(transport).Collection("things");
        await things.InsertAsync([Thing("a")], Stop);
        gateway.Hang();
        var held = things.InsertAsync([Thing("b")], Stop);

        await transport.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(4), Stop);
        await Assert.ThrowsAnyAsync<Exception>(() => held.WaitAsync(TimeSpan.FromSeconds(5), Stop));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => things.InsertAsync([Thing("c")], Stop));
        // Its threads end their calls now, with what they use still there.
        gateway.GoOn();
        await Task.Delay(TimeSpan.FromMilliseconds(300), Stop);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private MongoDatabase Database(IMongoTransport transport) => new(transport, _engine.Database, _patience, TimeProvider.System);

    internal static ReadOnlyMemory<byte> Thing(string id)
    {
        using var writer = new BsonWriter();
        return writer.String("_id", id).Int32("quantity", 1).Close().ToArray();
    }
}
