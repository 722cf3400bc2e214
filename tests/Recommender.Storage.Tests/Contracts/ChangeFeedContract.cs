using Recommender.Interactions;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

/// <summary>For engines that several processes share: two stores over one place, each of which hears of what is done through the other.</summary>
public abstract class ChangeFeedContract(IStoreEngine engine) : StoreContract(engine)
{
    // A second is promised; a machine under load is given more.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private static readonly Person _ann = Person.Customer("ann");

    private readonly IStoreEngine _engine = engine;

    private static ModelVersion Model(string id) => new(id, Noon, 1, "{}");

    [Fact]
    public async Task What_is_written_through_one_store_is_told_by_the_other()
    {
        await using IShopStore other = await _engine.OpenAsync(Stop);
        await using var heard = await Hearing.BeginAsync(other, Books);
        await Store.Events.AppendAsync(Books, [View("a"), Purchase("b")], Stop);
        await heard.UntilAsync(() => heard.Events.Count >= 2);
        Assert.Equal([View("a"), Purchase("b")], heard.Events.OrderBy(stored => stored.Position).Select(stored => stored.Event));
        Assert.Equal(await Store.Events.ReadAllAsync(Books), heard.Events.OrderBy(stored => stored.Position));

        await Store.Models.AddAsync(Books, Model("m"), Stop);
        await Store.Models.PublishAsync(Books, new("m", Noon, "trained"), Stop);
        await Store.Events.ForgetAsync(Books, _ann, ["a"], Stop);
        await Store.Items.UpsertAsync(Books, [new("book-1")], Stop);
        await Store.Settings.SetAsync(Books, "tone", "{}", Stop);
        await heard.UntilAsync(() => heard.Changes.Count >= 4);
        Assert.Equal(
            [StoreChange.Of(StoredKind.Publication, "m"), StoreChange.Of(StoredKind.ForgottenEvents, _ann), StoreChange.Of(StoredKind.Item, "book-1"), StoreChange.Of(StoredKind.Setting, "tone")],
            heard.Changes.Distinct());
    }

    [Fact]
    public async Task Ones_own_writes_are_told_too_and_those_of_another_shop_are_not()
    {
        await using var books = await Hearing.BeginAsync(Store, Books);
        await Store.Events.AppendAsync(Wines, [View("wine")], Stop);
        await Store.Models.AddAsync(Wines, Model("m"), Stop);
        await Store.Models.PublishAsync(Wines, new("m", Noon, "trained"), Stop);
        await Store.Events.AppendAsync(Books, [View("book")], Stop);
        await books.UntilAsync(() => books.Events.Count >= 1);
        Assert.Equal(["book"], books.Events.Select(stored => stored.Event.EventId));
        Assert.Empty(books.Changes);
    }

    [Fact]
    public async Task Of_what_four_stores_write_at_once_nothing_is_lost()
    {
        const int Batches = 25, Length = 4;
        await using var heard = await Hearing.BeginAsync(Store, Books);
        var writers = new List<IShopStore> { Store };
        while (writers.Count < 4) writers.Add(await _engine.OpenAsync(Stop));
        await Task.WhenAll(writers.Select((store, writer) => Task.Run(async () =>
        {
            for (int batch = 0; batch < Batches; batch++)
            {
                await store.Events.AppendAsync(Books, [.. Enumerable.Range(0, Length).Select(i => View($"{writer}/{batch}/{i}"))], Stop);
                await store.Settings.SetAsync(Books, $"{writer}-{batch}", "{}", Stop);
            }
        }, Stop)));
        foreach (var store in writers.Skip(1)) await store.DisposeAsync();

        List<StoredEvent> all = await Store.Events.ReadAllAsync(Books);
        Assert.Equal(4 * Batches * Length, all.Count);
        await heard.UntilAsync(() => heard.Events.ToHashSet().SetEquals(all) && heard.Changes.Distinct().Count() == 4 * Batches);
        for (int writer = 0; writer < 4; writer++)
        {
            Assert.Equal(Enumerable.Range(0, Batches).Select(batch => $"{writer}-{batch}"),
                heard.Changes.Where(change => change.Id!.StartsWith($"{writer}-", StringComparison.Ordinal)).Select(change => change.Id).Distinct());
        }
    }

    [Fact]
    public async Task Who_reads_while_others_write_never_finds_company_where_it_has_been()
    {
        await using IShopStore other = await _engine.OpenAsync(Stop);
        Task writing = Task.WhenAll(((IShopStore[])[Store, other, Store, other]).Select((store, writer) => Task.Run(async () =>
        {
            for (int batch = 0; batch < 30; batch++) await store.Events.AppendAsync(Books, Views($"{writer}/{batch}", 1 + batch % 7), Stop);
        }, Stop)));
        var read = new List<StoredEvent>();
        while (!writing.IsCompleted) read.AddRange(await other.Events.ReadAllAsync(Books, read.Count == 0 ? 0 : read[^1].Position));
        await writing;
        read.AddRange(await other.Events.ReadAllAsync(Books, read[^1].Position));
        Assert.Equal(await Store.Events.ReadAllAsync(Books), read);
    }

    [Fact]
    public async Task More_than_is_told_one_by_one_is_said_to_be_lost()
    {
        await using var heard = await Hearing.BeginAsync(Store, Books);
        int before = heard.TimesLost;
        await Task.WhenAll(Enumerable.Range(0, 10).Select(part => Store.Events.AppendAsync(Books, Views($"e{part}", 10_000), Stop)));
        await heard.UntilAsync(() => heard.TimesLost > before || heard.Events.Count == 100_000);
        // It may lose its way more than once, and what is written meanwhile is lost with the rest: so several, until one is told.
        for (int n = 0; heard.Changes.Count == 0 && n < 100; n++)
        {
            await Store.Settings.SetAsync(Books, $"after-{n}", "{}", Stop);
            await Task.Delay(200, Stop);
        }
        Assert.All(heard.Changes, change => Assert.StartsWith("after-", change.Id, StringComparison.Ordinal));
        Assert.NotEmpty(heard.Changes);
        await Store.Events.AppendAsync(Books, [View("after")], Stop);
        await heard.UntilAsync(() => heard.Events.Any(stored => stored.Event.EventId == "after"));
    }

    /// <summary>Somebody who listens, and what was heard.</summary>
    private sealed class Hearing : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Lock _hearing = new();
        private readonly List<StoredEvent> _events = [];
        private readonly List<StoreChange> _changes = [];
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Task _listening = Task.CompletedTask;

        public List<StoredEvent> Events
        {
            get { lock (_hearing) return [.. _events]; }
        }

        public List<StoreChange> Changes
        {
            get { lock (_hearing) return [.. _changes]; }
        }

        public int TimesLost { get; private set; }

        public static async Task<Hearing> BeginAsync(IShopStore store, Tenant tenant)
        {
            var hearing = new Hearing();
            hearing._listening = Task.Run(() => hearing.ListenAsync(store, tenant), Stop);
            // The first says that there may have been something before: from there on everything is told.
            await hearing._begun.Task.WaitAsync(_patience, Stop);
            return hearing;
        }

        public async Task UntilAsync(Func<bool> heard)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            patience.CancelAfter(_patience);
            while (!heard())
            {
                if (patience.IsCancellationRequested) Assert.Fail($"heard of {Events.Count} events and {Changes.Count} changes, lost track {TimesLost} times");
                await Task.Delay(20, Stop);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _listening);
            _stop.Dispose();
        }

        private async Task ListenAsync(IShopStore store, Tenant tenant)
        {
            await foreach (StoreChanges news in store.Changes.WatchAsync(tenant, _stop.Token))
            {
                lock (_hearing)
                {
                    if (news.LostTrack) TimesLost++;
                    _events.AddRange(news.Events);
                    _changes.AddRange(news.Changes);
                }
                _begun.TrySetResult();
            }
        }
    }
}
