using Recommender.Interactions;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

/// <summary>Single events forgotten at their person's wish.</summary>
public abstract class ForgettingContract(IStoreEngine engine) : StoreContract(engine)
{
    private static readonly Person _ann = Person.Customer("ann");

    private IEventLog Log => Store.Events;

    [Fact]
    public async Task Forgotten_events_are_in_no_reading_and_in_no_count()
    {
        await Log.AppendAsync(Books, [View("a"), View("b") with { OccurredAt = Noon.AddDays(9) }, View("c"), View("d", "bob"), View("e") with { OccurredAt = Noon.AddDays(10) }], Stop);
        Assert.Equal(2, await Log.ForgetAsync(Books, _ann, ["b", "e", "b", "unknown"], Stop));
        await ReopenAsync();

        Assert.Equal(["a", "c", "d"], (await Log.ReadAllAsync(Books)).Select(stored => stored.Event.EventId));
        Assert.Equal(["a", "c"], (await Log.ReadPersonAsync(Books, _ann, Stop)).Select(stored => stored.Event.EventId));
        Assert.Null(await Log.FindAsync(Books, "b", Stop));
        Assert.Equal(new EventLogSize(3, 2, 0), await Log.SizeAsync(Books, Stop));
        Assert.Equal(3, await Log.CountSinceAsync(Books, 0, Stop));
        Assert.Equal(Noon, await Log.NewestAsync(Books, Stop));
        Assert.Equal((await Log.FindAsync(Books, "d", Stop))!.Value.Position, await Log.LastPositionAsync(Books, Stop));
    }

    [Fact]
    public async Task A_forgotten_event_that_is_sent_again_is_a_duplicate_whatever_it_says_and_stays_away()
    {
        long position = (await Log.AppendAsync(Books, [View("a"), View("b")], Stop))[1].Position;
        await Log.ForgetAsync(Books, _ann, ["b"], Stop);
        IReadOnlyList<AppendOutcome> outcomes = await Log.AppendAsync(Books, [View("b"), View("b", "bob"), View("c")], Stop);
        Assert.Equal([new(AppendStatus.Duplicate, position), new(AppendStatus.Duplicate, position)], outcomes.Take(2));
        Assert.True(outcomes[2].Position > position);
        Assert.Equal(["a", "c"], (await Log.ReadAllAsync(Books)).Select(stored => stored.Event.EventId));
        Assert.Equal(0, await Log.ForgetAsync(Books, _ann, ["b"], Stop));
    }

    [Fact]
    public async Task A_forgotten_position_is_not_used_again()
    {
        long last = (await Log.AppendAsync(Books, Views("e", 3), Stop))[^1].Position;
        await Log.ForgetAsync(Books, _ann, ["e-0", "e-1", "e-2"], Stop);
        Assert.Equal(0, await Log.LastPositionAsync(Books, Stop));
        Assert.True((await Log.AppendAsync(Books, [View("new")], Stop))[0].Position > last);
    }

    [Fact]
    public async Task Nobody_forgets_the_events_of_another_person_or_shop()
    {
        await Log.AppendAsync(Books, [View("a", "bob"), View("v") with { Person = Person.Visitor("ann") }, View("own")], Stop);
        await Log.AppendAsync(Wines, [View("own")], Stop);
        Assert.Equal(1, await Log.ForgetAsync(Books, _ann, ["a", "v", "own"], Stop));
        Assert.Equal(["a", "v"], (await Log.ReadAllAsync(Books)).Select(stored => stored.Event.EventId));
        Assert.Equal(AppendStatus.Duplicate, (await Log.AppendAsync(Wines, [View("own")], Stop))[0].Status);
        Assert.Single(await Log.ReadAllAsync(Wines));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_id_is_forgotten(string text)
    {
        await Log.AppendAsync(Books, [View(text, text), View("neighbour", text)], Stop);
        Assert.Equal(1, await Log.ForgetAsync(Books, Person.Customer(text), [text], Stop));
        Assert.Equal(["neighbour"], (await Log.ReadAllAsync(Books)).Select(stored => stored.Event.EventId));
    }

    [Fact]
    public async Task What_is_cancelled_beforehand_or_names_nothing_forgets_nothing()
    {
        await Log.AppendAsync(Books, [View("a")], Stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.ForgetAsync(Books, _ann, ["a"], new CancellationToken(canceled: true)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Log.ForgetAsync(Books, _ann, ["a", ""], Stop));
        Assert.Equal(0, await Log.ForgetAsync(Books, _ann, [], Stop));
        Assert.Single(await Log.ReadAllAsync(Books));
    }
}
