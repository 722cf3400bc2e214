using System.Text;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

public abstract class LifeCycleStoreContract(IStoreEngine engine) : StoreContract(engine)
{
    private ILifeCycleStore LifeCycle => Store.LifeCycle;

    private static CustomerState State(string customer, string stage = "expansion", int? dueDay = null) =>
        new(customer, stage, Noon.AddTicks(3), "third purchase", dueDay is { } day ? Noon.AddDays(day) : null, 42, """{"purchases":3}""");

    private static CustomerTransition Transition(string from, string to, int day = 0) => new(from, to, Noon.AddDays(day), $"{from} no more");

    private Task SaveAsync(Tenant shop, params IReadOnlyList<CustomerState> states) =>
        LifeCycle.SaveAsync(shop, [.. states.Select(state => new CustomerHistory(state.CustomerId, state, []))], Stop);

    [Fact]
    public async Task A_customer_is_replaced_whole_with_all_transitions()
    {
        await LifeCycle.SaveAsync(Books, [new("ann", State("ann", "exploration", 5), [Transition("", "exploration"), Transition("exploration", "disproved", 1)])], Stop);
        await LifeCycle.SaveAsync(Books, [new("ann", State("ann"), [Transition("", "exploration"), Transition("exploration", "expansion", 2)])], Stop);
        await ReopenAsync();
        Assert.Equal(State("ann"), await LifeCycle.FindAsync(Books, "ann", Stop));
        Assert.Null(await LifeCycle.FindAsync(Books, "bob", Stop));
        Assert.Equal([Transition("", "exploration"), Transition("exploration", "expansion", 2)], await LifeCycle.TransitionsAsync(Books, "ann", Stop));
        Assert.Empty(await LifeCycle.TransitionsAsync(Books, "bob", Stop));
    }

    [Fact]
    public async Task A_customer_without_a_state_is_in_no_list_and_has_no_transitions()
    {
        await LifeCycle.SaveAsync(Books, [new("ann", State("ann", dueDay: 1), [Transition("a", "b")]), new("bob", State("bob"), [])], Stop);
        await LifeCycle.SaveAsync(Wines, [new("ann", State("ann"), [Transition("a", "b")])], Stop);
        await LifeCycle.SaveAsync(Books, [new("ann", null, [])], Stop);
        Assert.Equal(["bob"], (await LifeCycle.ListAsync(Books, null, 10, Stop)).Select(state => state.CustomerId));
        Assert.Empty(await LifeCycle.DueAsync(Books, DateTimeOffset.MaxValue, 10, Stop));
        Assert.Empty(await LifeCycle.TransitionsAsync(Books, "ann", Stop));
        Assert.NotNull(await LifeCycle.FindAsync(Wines, "ann", Stop));
        Assert.Single(await LifeCycle.TransitionsAsync(Wines, "ann", Stop));
    }

    [Fact]
    public async Task Transitions_of_one_moment_stay_in_their_order_and_one_that_comes_twice_is_kept_once()
    {
        CustomerTransition first = Transition("b", "c"), then = Transition("c", "a"), before = Transition("a", "b", -1);
        await LifeCycle.SaveAsync(Books, [new("ann", null, [first, then, first with { Reason = "another" }, before])], Stop);
        Assert.Equal([before, first, then], await LifeCycle.TransitionsAsync(Books, "ann", Stop));
    }

    [Fact]
    public async Task States_are_listed_in_the_order_of_the_ids_UTF8_bytes_page_by_page()
    {
        string[] ids = ["\U0001F4DA", "\uffff", "a", "B", "b", "é", "10", "9"];
        await SaveAsync(Books, [.. ids.Select((id, i) => State(id, i % 2 == 0 ? "even" : "odd"))]);
        var listed = new List<string>();
        IReadOnlyList<CustomerState> page;
        do
        {
            page = await LifeCycle.ListAsync(Books, listed.LastOrDefault(), 3, Stop);
            listed.AddRange(page.Select(state => state.CustomerId));
        }
        while (page.Count == 3);
        Assert.Equal(ids.OrderBy(id => Convert.ToHexString(Encoding.UTF8.GetBytes(id)), StringComparer.Ordinal), listed);
        Assert.Empty(await LifeCycle.ListAsync(Books, null, 0, Stop));
        Assert.Equal(new Dictionary<string, long> { ["even"] = 4, ["odd"] = 4 }, await LifeCycle.CountAsync(Books, Stop));
    }

    [Fact]
    public async Task A_stage_is_listed_most_worth_first_page_by_page_and_nobody_twice_or_never()
    {
        double[] worths = [0, 12.5, 1.0 / 3, 12.5, 1e9, -4, 12.5, 0];
        await SaveAsync(Books, [.. worths.Select((worth, i) => State($"c{i}") with { Worth = worth }), State("elsewhere", "dissolution")]);
        var listed = new List<string>();
        WorthPlace? place = null;
        while (await LifeCycle.ListStageAsync(Books, "expansion", place, 2, Stop) is { Count: > 0 } page)
        {
            listed.AddRange(page.Select(state => state.CustomerId));
            place = new WorthPlace(page[^1].Worth, page[^1].CustomerId);
        }
        Assert.Equal(["c4", "c1", "c3", "c6", "c2", "c0", "c7", "c5"], listed);
        Assert.Empty(await LifeCycle.ListStageAsync(Books, "unknown", null, 10, Stop));
        Assert.Empty(await LifeCycle.ListStageAsync(Wines, "expansion", null, 10, Stop));
    }

    [Fact]
    public async Task What_is_due_comes_earliest_first_up_to_the_moment_itself()
    {
        await SaveAsync(Books, State("late", dueDay: 9), State("never"), State("b", dueDay: 2), State("a", dueDay: 2), State("early", dueDay: -3));
        Assert.Equal(["early", "a", "b"], (await LifeCycle.DueAsync(Books, Noon.AddDays(2), 10, Stop)).Select(state => state.CustomerId));
        Assert.Equal([State("early", dueDay: -3)], await LifeCycle.DueAsync(Books, Noon.AddDays(2), 1, Stop));
        Assert.Equal(["early"], (await LifeCycle.DueAsync(Books, Noon.AddDays(2).AddTicks(-1), 10, Stop)).Select(state => state.CustomerId));
        await SaveAsync(Books, State("early"));
        Assert.DoesNotContain("early", (await LifeCycle.DueAsync(Books, Noon.AddDays(100), 10, Stop)).Select(state => state.CustomerId));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_is_kept(string text)
    {
        CustomerState state = new(text, text, Noon, text, Noon, Math.PI, text);
        CustomerTransition transition = new(text, text, Noon, text);
        await LifeCycle.SaveAsync(Books, [new(text, state, [transition])], Stop);
        Assert.Equal(state, await LifeCycle.FindAsync(Books, text, Stop));
        Assert.Equal([state], await LifeCycle.ListStageAsync(Books, text, null, 10, Stop));
        Assert.Equal([transition], await LifeCycle.TransitionsAsync(Books, text, Stop));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        await LifeCycle.SaveAsync(Books, [new("ann", State("ann", dueDay: 1), [Transition("a", "b")])], Stop);
        await SaveAsync(Wines, State("ann", "dissolution"));
        Assert.Equal(State("ann", dueDay: 1), await LifeCycle.FindAsync(Books, "ann", Stop));
        Assert.Equal(["dissolution"], (await LifeCycle.CountAsync(Wines, Stop)).Keys);
        Assert.Empty(await LifeCycle.DueAsync(Wines, Noon.AddDays(1), 10, Stop));
        Assert.Empty(await LifeCycle.TransitionsAsync(Wines, "ann", Stop));
    }

    [Fact]
    public async Task One_bad_state_or_transition_costs_the_whole_batch_and_is_named()
    {
        Task TryAsync(CustomerState state, CustomerTransition transition) =>
            LifeCycle.SaveAsync(Books, [new("good", State("good"), [Transition("a", "b")]), new(state.CustomerId, state, [transition])], Stop);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => TryAsync(State(""), Transition("a", "b")));
        var refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => TryAsync(State("ann", ""), Transition("a", "b")));
        Assert.Contains("customer ann: stage", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => TryAsync(State("ann") with { Worth = double.NaN }, Transition("a", "b")));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => TryAsync(State("ann"), Transition("a", "")));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => TryAsync(State("ann"), Transition("a", "b") with { Reason = "\ud83d" }));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => LifeCycle.SaveAsync(Books, [new("ann", State("bob"), [])], Stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LifeCycle.SaveAsync(Books, [new("ann", State("ann"), [])], new CancellationToken(canceled: true)));
        Assert.Empty(await LifeCycle.ListAsync(Books, null, 10, Stop));
        Assert.Empty(await LifeCycle.TransitionsAsync(Books, "good", Stop));
    }
}
