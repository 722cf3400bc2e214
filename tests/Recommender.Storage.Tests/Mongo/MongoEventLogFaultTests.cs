using Recommender.Interactions;
using Recommender.Storage.Mongo;
using Recommender.Storage.Tests.Contracts;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>What becomes of the log when servers, networks and other processes fail in between.</summary>
public sealed class MongoEventLogFaultTests : IAsyncDisposable
{
    private static readonly Tenant _books = Tenant.Default;
    private readonly MongoEngine _engine = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task An_event_whose_answer_was_lost_is_appended_once_and_said_to_be_new()
    {
        var (store, network) = await _engine.OpenTroubledAsync(Stop);
        await using var _ = store;
        int lost = 0;
        network.LosesAnswer = _ => Interlocked.Increment(ref lost) % 2 == 1;
        for (int batch = 0; batch < 5; batch++)
        {
            IReadOnlyList<AppendOutcome> outcomes = await store.Events.AppendAsync(_books, Views($"b{batch}", 7), Stop);
            Assert.All(outcomes, outcome => Assert.Equal(AppendStatus.Appended, outcome.Status));
        }
        network.LosesAnswer = _ => false;
        Assert.Equal(Enumerable.Range(0, 5).SelectMany(batch => Views($"b{batch}", 7)), (await store.Events.ReadAllAsync(_books)).Select(stored => stored.Event));
    }

    [Fact]
    public async Task Reading_stops_before_a_slot_that_another_process_has_open_and_goes_on_when_it_is_closed()
    {
        var (writing, network) = await _engine.OpenTroubledAsync(Stop);
        await using var _ = writing;
        await using IShopStore reading = await _engine.OpenAsync(Stop);
        await reading.Events.AppendAsync(_books, [View("before")], Stop);
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        network.Before = async command =>
        {
            if (command != "insert") return;
            reached.TrySetResult();
            await goOn.Task;
        };
        Task<IReadOnlyList<AppendOutcome>> slow = writing.Events.AppendAsync(_books, [View("slow")], Stop);
        await reached.Task;
        await reading.Events.AppendAsync(_books, [View("fast")], Stop);
        Task<List<StoredEvent>> all = reading.Events.ReadAllAsync(_books);
        await Task.Delay(200, Stop);
        Assert.False(all.IsCompleted);
        // What is somebody's own is there at once, whatever others are about.
        Assert.Equal(["before", "fast"], (await reading.Events.ReadPersonAsync(_books, Person.Customer("ann"), Stop)).Select(stored => stored.Event.EventId));
        goOn.SetResult();
        await slow;
        Assert.Equal(["before", "slow", "fast"], (await all).Select(stored => stored.Event.EventId));
    }

    [Fact]
    public async Task An_event_that_comes_after_its_slot_has_lapsed_is_read_by_whoever_went_past_it()
    {
        var (writing, network) = await _engine.OpenTroubledAsync(Stop, new MongoOptions { LongestOperation = TimeSpan.FromSeconds(1) });
        await using var _ = writing;
        await using IShopStore reading = await _engine.OpenAsync(Stop);
        long first = (await reading.Events.AppendAsync(_books, [View("first")], Stop))[0].Position;
        var goOn = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        network.Before = async command =>
        {
            if (command != "insert") return;
            reached.TrySetResult();
            await goOn.Task;
        };
        Task<IReadOnlyList<AppendOutcome>> late = writing.Events.AppendAsync(_books, [View("late"), View("later")], Stop);
        await reached.Task;
        await reading.Events.AppendAsync(_books, [View("prompt")], Stop);
        // Waits until the time of the slot is over: a second for its operation, and ten for the network.
        List<StoredEvent> passed = await reading.Events.ReadAllAsync(_books, first);
        Assert.Equal(["prompt"], passed.Select(stored => stored.Event.EventId));
        goOn.SetResult();
        IReadOnlyList<AppendOutcome> outcomes = await late;
        Assert.All(outcomes, outcome => Assert.True(outcome.Status == AppendStatus.Appended && outcome.Position > passed[^1].Position));
        Assert.Equal(["late", "later"], (await reading.Events.ReadAllAsync(_books, passed[^1].Position)).Select(stored => stored.Event.EventId));
        Assert.Equal(outcomes.Select(outcome => outcome.Position), (await reading.Events.ReadAllAsync(_books, passed[^1].Position)).Select(stored => stored.Position));
    }

    [Fact]
    public async Task Who_watches_hears_after_an_outage_of_what_was_written_meanwhile()
    {
        var (watching, network) = await _engine.OpenTroubledAsync(Stop, new MongoOptions { LongestOperation = TimeSpan.FromMilliseconds(300) });
        await using var _ = watching;
        await using IShopStore writing = await _engine.OpenAsync(Stop);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        done.CancelAfter(TimeSpan.FromSeconds(30));
        await using var heard = watching.Changes.WatchAsync(_books, done.Token).GetAsyncEnumerator(done.Token);
        Assert.True(await heard.MoveNextAsync());
        network.IsCut = true;
        ValueTask<bool> next = heard.MoveNextAsync();
        await writing.Events.AppendAsync(_books, Views("e", 3), Stop);
        await Task.Delay(1_000, Stop);
        Assert.False(next.IsCompleted);
        network.IsCut = false;
        Assert.True(await next);
        Assert.Equal(Views("e", 3), heard.Current.Events.OrderBy(stored => stored.Position).Select(stored => stored.Event));
    }

    [Fact]
    public async Task A_look_that_fails_in_the_middle_loses_nothing_of_what_it_had_found()
    {
        var (watching, network) = await _engine.OpenTroubledAsync(Stop, new MongoOptions { LongestOperation = TimeSpan.FromMilliseconds(500) });
        await using var _ = watching;
        var (slow, slowly) = await _engine.OpenTroubledAsync(Stop);
        await using var __ = slow;
        await using IShopStore fast = await _engine.OpenAsync(Stop);
        await fast.Events.AppendAsync(_books, [View("first")], Stop);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        done.CancelAfter(TimeSpan.FromSeconds(30));
        await using var heard = watching.Changes.WatchAsync(_books, done.Token).GetAsyncEnumerator(done.Token);
        Assert.True(await heard.MoveNextAsync());
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        slowly.Before = async command =>
        {
            if (command != "insert") return;
            reached.TrySetResult();
            await goOn.Task;
        };
        var late = slow.Events.AppendAsync(_books, [View("late")], Stop);
        await reached.Task;
        await fast.Events.AppendAsync(_books, [View("early")], Stop);
        Assert.True(await heard.MoveNextAsync());
        Assert.Equal(["early"], heard.Current.Events.Select(stored => stored.Event.EventId));
        goOn.SetResult();
        await late;
        await fast.Events.AppendAsync(_books, [View("new")], Stop);
        // The next look finds what came late, and fails over what is new.
        var (finds, hasFailed) = (0, false);
        network.LosesAnswer = command =>
        {
            hasFailed |= command == "aggregate" && finds > 1;
            return command == "find" && ++finds > 1 && !hasFailed;
        };
        Assert.True(await heard.MoveNextAsync());
        Assert.True(hasFailed);
        Assert.Equal(["late", "new"], heard.Current.Events.Select(stored => stored.Event.EventId));
    }

    [Fact]
    public async Task A_server_is_told_again_and_again_to_look_at_the_live_model_in_case_a_note_was_lost()
    {
        await using var store = (await _engine.OpenTroubledAsync(Stop, new MongoOptions { RemindEvery = TimeSpan.FromMilliseconds(300) })).Store;
        int told = 0;
        await foreach (var news in store.Changes.WatchAsync(_books, Stop))
        {
            if (news.Changes.Any(change => change is { Kind: StoredKind.Publication, Id: null }) && ++told == 2) break;
        }
        Assert.Equal(2, told);
    }

    [Fact]
    public async Task A_price_changed_by_hand_is_read_and_what_cannot_be_read_is_named()
    {
        await using IShopStore store = await _engine.OpenAsync(Stop);
        await store.Events.AppendAsync(_books, [Purchase("e-1")], Stop);
        await _engine.ChangeAsync("events", "default/e-1", update => update.BeginDocument("$set").Double("price", 9.9).End(), Stop);
        Assert.Equal(9.9m, (await store.Events.FindAsync(_books, "e-1", Stop))!.Value.Event.Price);
        await _engine.ChangeAsync("events", "default/e-1", update => update.BeginDocument("$set").String("price", "cheap").End(), Stop);
        var problem = await Assert.ThrowsAnyAsync<StoreException>(() => store.Events.ReadAllAsync(_books));
        Assert.Contains("default/e-1", problem.Message, StringComparison.Ordinal);
        Assert.Contains("events", problem.Message, StringComparison.Ordinal);
        Assert.Contains("price", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_the_server_refuses_leaves_nothing_and_costs_its_neighbours_nothing()
    {
        await using IShopStore store = await _engine.OpenAsync(Stop);
        // Larger than a document may be.
        ShopEvent tooLarge = View("too-large") with { Text = new string('x', 17_000_000) };
        Task<IReadOnlyList<AppendOutcome>> refused = store.Events.AppendAsync(_books, [.. Views("refused", 10), tooLarge], Stop);
        IReadOnlyList<AppendOutcome>[] others = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.Events.AppendAsync(_books, [View($"other-{i}")], Stop)));
        await Assert.ThrowsAnyAsync<Exception>(() => refused);
        Assert.All(others, outcomes => Assert.Equal(AppendStatus.Appended, outcomes[0].Status));
        Assert.Equal(20, (await store.Events.ReadAllAsync(_books)).Count);
    }

    [Fact]
    public async Task A_forgetting_that_was_interrupted_is_ended_by_the_next_who_opens_the_store()
    {
        var (store, network) = await _engine.OpenTroubledAsync(Stop, new MongoOptions { LongestOperation = TimeSpan.FromMilliseconds(500) });
        await store.Events.AppendAsync(_books, Views("e", 5), Stop);
        network.Before = command => { network.IsCut |= command == "delete"; return Task.CompletedTask; };
        network.LosesAnswer = command => command == "delete";
        await Assert.ThrowsAnyAsync<StoreException>(() => store.Events.ForgetAsync(_books, Person.Customer("ann"), ["e-1", "e-3"], Stop));
        await store.DisposeAsync();
        await using IShopStore next = await _engine.OpenAsync(Stop);
        Assert.Equal(["e-0", "e-2", "e-4"], (await next.Events.ReadAllAsync(_books)).Select(stored => stored.Event.EventId));
        Assert.Equal(AppendStatus.Duplicate, (await next.Events.AppendAsync(_books, [View("e-3")], Stop))[0].Status);
        Assert.Equal(3, (await next.Events.ReadAllAsync(_books)).Count);
    }

    [Fact]
    public async Task A_person_is_read_by_one_command_and_a_history_too()
    {
        var (store, network) = await _engine.OpenTroubledAsync(Stop);
        await using var _ = store;
        await store.Events.AppendAsync(_books, Views("e", 40), Stop);
        await store.Customers.UpsertAsync(_books, [new("ann")], Stop);
        long before = network.Commands;
        Assert.Equal(40, (await store.People.ReadAsync(_books, [Person.Customer("ann")], Noon, 20, Noon, Stop))[0].Events.Count);
        Assert.Equal(1, network.Commands - before);
        Assert.Equal(40, (await store.Events.ReadPersonAsync(_books, Person.Customer("ann"), Stop)).Count);
        Assert.Equal(2, network.Commands - before);
    }
}
