using Recommender.Storage.Mongo;
using Recommender.Storage.Tests.Contracts;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Mongo;

public sealed class MongoSchemaTests : IAsyncDisposable
{
    private readonly MongoEngine _engine = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_saying_what_to_do()
    {
        await (await _engine.OpenAsync(Stop)).DisposeAsync();
        await _engine.ChangeAsync(MongoCollections.Schema, MongoSchema.Id, update => update.BeginDocument("$set").Int32("version", 7).String("program", "9.8.7").End(), Stop);
        var refusal = await Assert.ThrowsAsync<StoreTooNewException>(() => _engine.OpenAsync(Stop));
        Assert.Contains("schema version 7, of recommender 9.8.7", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_engine.Database, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_sees_a_newer_version_take_over_writes_nothing_more()
    {
        await using IShopStore store = await _engine.OpenAsync(Stop);
        using var stop = new CancellationTokenSource();
        Task watching = Task.Run(async () =>
        {
            await foreach (var _ in store.Changes.WatchAsync(Tenant.Default, stop.Token)) { }
        }, Stop);
        await store.Events.AppendAsync(Tenant.Default, [View("kept")], Stop);
        await _engine.ChangeAsync(MongoCollections.Schema, MongoSchema.Id, update => update.BeginDocument("$set").Int32("version", 7).End(), Stop);
        for (int i = 0; i < 200 && await TryAppendAsync(store, $"e{i}"); i++) await Task.Delay(50, Stop);
        await Assert.ThrowsAsync<StoreTooNewException>(() => store.Events.AppendAsync(Tenant.Default, [View("late")], Stop));
        Assert.Equal("kept", (await store.Events.ReadAllAsync(Tenant.Default))[0].Event.EventId);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    [Fact]
    public async Task Of_several_servers_that_start_at_once_one_brings_the_database_up_to_date_and_all_open()
    {
        IShopStore[] stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _engine.OpenAsync(Stop)));
        await Task.WhenAll(stores.Select((store, i) => store.Events.AppendAsync(Tenant.Default, [View($"e{i}")], Stop)));
        Assert.Equal(4, (await stores[0].Events.ReadAllAsync(Tenant.Default)).Count);
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task Steps_run_once_in_their_order_and_go_on_where_they_were_interrupted()
    {
        await using var transport = _engine.Transport();
        var database = new MongoDatabase(transport, _engine.Database, new MongoOptions(), TimeProvider.System);
        var run = new List<int>();
        bool fails = true;
        MongoSchema.Step[] steps = [StepOf(1), StepOf(2), StepOf(3)];
        await Assert.ThrowsAsync<InvalidOperationException>(() => new MongoSchema(database, steps).OpenAsync(Stop));
        fails = false;
        // Who was interrupted is waited for, for as long as its lease holds.
        await _engine.ChangeAsync(MongoCollections.Schema, MongoSchema.Id, update => update.BeginDocument("$unset").String("lease", "").End(), Stop);
        string name = await new MongoSchema(database, steps).OpenAsync(Stop);
        Assert.Equal(name, await new MongoSchema(database, steps).OpenAsync(Stop));
        Assert.Equal([1, 2, 2, 3], run);

        MongoSchema.Step StepOf(int number) => (_, _) =>
        {
            run.Add(number);
            return fails && number == 2 ? throw new InvalidOperationException("interrupted") : Task.CompletedTask;
        };
    }

    [Fact]
    public async Task An_opening_where_everything_is_there_takes_few_commands()
    {
        await (await _engine.OpenAsync(Stop)).DisposeAsync();
        var (store, network) = await _engine.OpenTroubledAsync(Stop);
        await store.DisposeAsync();
        Assert.True(network.Commands <= 3, $"{network.Commands} commands");
    }

    [Fact]
    public async Task What_others_put_into_the_log_must_be_an_event()
    {
        await using IShopStore store = await _engine.OpenAsync(Stop);
        await using var transport = _engine.Transport();
        var events = new MongoDatabase(transport, _engine.Database, new MongoOptions(), TimeProvider.System).Collection(MongoCollections.Events);
        await Assert.ThrowsAsync<MongoCommandException>(() => events.TryInsertAsync(document => document.String("_id", "default/x").String("tenant", "default").String("position", "first"), Stop));
        Assert.Null(await store.Events.FindAsync(Tenant.Default, "x", Stop));
    }

    private static async Task<bool> TryAppendAsync(IShopStore store, string id)
    {
        try
        {
            await store.Events.AppendAsync(Tenant.Default, [View(id)], Stop);
            return true;
        }
        catch (StoreTooNewException)
        {
            return false;
        }
    }
}
