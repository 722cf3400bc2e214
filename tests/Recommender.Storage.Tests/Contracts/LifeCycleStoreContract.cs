using System.Text;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

public abstract class LifeCycleStoreContract(IStoreEngine engine) : StoreContract(engine)
{
    private ILifeCycleStore LifeCycle => Store.LifeCycle;

    private static CustomerState State(string customer, string stage = "expansion", int? dueDay = null) =>
        new(customer, stage, Noon.AddTicks(3), "third purchase", dueDay is { } day ? Noon.AddDays(day) : null, 42, """{"purchases":3}""");

    private static CustomerTransition Transition(string customer, string from, string to, int day = 0) => new(customer, from, to, Noon.AddDays(day), $"{from} no more");

    [Fact]
    public async Task A_state_is_replaced_whole_and_its_transitions_are_kept()
    {
        await LifeCycle.SaveAsync(Books, [State("ann", "exploration", 5)], [Transition("ann", "", "exploration")], Stop);
        await LifeCycle.SaveAsync(Books, [State("ann")], [Transition("ann", "exploration", "expansion", 1)], Stop);
        await ReopenAsync();
        Assert.Equal(State("ann"), await LifeCycle.FindAsync(Books, "ann", Stop));
        Assert.Null(await LifeCycle.FindAsync(Books, "bob", Stop));
        Assert.Equal([Transition("ann", "", "exploration"), Transition("ann", "exploration", "expansion", 1)],
            await LifeCycle.TransitionsAsync(Books, "ann", Stop));
        Assert.Empty(await LifeCycle.TransitionsAsync(Books, "bob", Stop));
    }

    [Fact]
    public async Task A_transition_known_already_is_passed_over_and_the_first_reason_stands()
    {
        CustomerTransition first = Transition("ann", "a", "b"), sameMomentFurther = Transition("ann", "b", "c"), back = Transition("ann", "b", "a");
        await LifeCycle.SaveAsync(Books, [], [first, sameMomentFurther], Stop);
        await LifeCycle.SaveAsync(Books, [], [first with { Reason = "another" }, back, first with { At = Noon.AddDays(-1) }], Stop);
        Assert.Equal([first with { At = Noon.AddDays(-1) }, first, sameMomentFurther, back], await LifeCycle.TransitionsAsync(Books, "ann", Stop));
    }

    [Fact]
    public async Task States_are_listed_by_stage_in_the_order_of_the_ids_UTF8_bytes_page_by_page()
    {
        string[] ids = ["\U0001F4DA", "\uffff", "a", "B", "b", "é", "10", "9"];
        await LifeCycle.SaveAsync(Books, [.. ids.Select((id, i) => State(id, i % 2 == 0 ? "even" : "odd"))], [], Stop);
        foreach (string? stage in (string?[])[null, "even", "odd"])
        {
            var listed = new List<string>();
            IReadOnlyList<CustomerState> page;
            do
            {
                page = await LifeCycle.ListAsync(Books, stage, listed.LastOrDefault(), 3, Stop);
                listed.AddRange(page.Select(state => state.CustomerId));
            }
            while (page.Count == 3);
            Assert.Equal(ids.Where((_, i) => stage is null || stage == (i % 2 == 0 ? "even" : "odd"))
                .OrderBy(id => Convert.ToHexString(Encoding.UTF8.GetBytes(id)), StringComparer.Ordinal), listed);
        }
        Assert.Empty(await LifeCycle.ListAsync(Books, "unknown", null, 10, Stop));
        Assert.Empty(await LifeCycle.ListAsync(Books, null, null, 0, Stop));
        Assert.Equal(new Dictionary<string, long> { ["even"] = 4, ["odd"] = 4 }, await LifeCycle.CountAsync(Books, Stop));
    }

    [Fact]
    public async Task What_is_due_comes_earliest_first_up_to_the_moment_itself()
    {
        await LifeCycle.SaveAsync(Books, [State("late", dueDay: 9), State("never"), State("b", dueDay: 2), State("a", dueDay: 2), State("early", dueDay: -3)], [], Stop);
        Assert.Equal(["early", "a", "b"], (await LifeCycle.DueAsync(Books, Noon.AddDays(2), 10, Stop)).Select(state => state.CustomerId));
        Assert.Equal([State("early", dueDay: -3)], await LifeCycle.DueAsync(Books, Noon.AddDays(2), 1, Stop));
        Assert.Equal(["early"], (await LifeCycle.DueAsync(Books, Noon.AddDays(2).AddTicks(-1), 10, Stop)).Select(state => state.CustomerId));
        await LifeCycle.SaveAsync(Books, [State("early")], [], Stop);
        Assert.DoesNotContain("early", (await LifeCycle.DueAsync(Books, Noon.AddDays(100), 10, Stop)).Select(state => state.CustomerId));
    }

    [Fact]
    public async Task Clearing_forgets_the_states_of_one_shop_and_no_transition()
    {
        await LifeCycle.SaveAsync(Books, [.. Enumerable.Range(0, 10_000).Select(i => State($"c{i}", dueDay: 1))], [Transition("c1", "a", "b")], Stop);
        await LifeCycle.SaveAsync(Wines, [State("c1")], [], Stop);
        await LifeCycle.ClearStatesAsync(Books, Stop);
        Assert.Empty(await LifeCycle.ListAsync(Books, null, null, 10, Stop));
        Assert.Empty(await LifeCycle.CountAsync(Books, Stop));
        Assert.Empty(await LifeCycle.DueAsync(Books, DateTimeOffset.MaxValue, 10, Stop));
        Assert.Single(await LifeCycle.TransitionsAsync(Books, "c1", Stop));
        Assert.NotNull(await LifeCycle.FindAsync(Wines, "c1", Stop));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_is_kept(string text)
    {
        CustomerState state = new(text, text, Noon, text, Noon, long.MaxValue, text);
        CustomerTransition transition = new(text, text, text, Noon, text);
        await LifeCycle.SaveAsync(Books, [state], [transition], Stop);
        Assert.Equal(state, await LifeCycle.FindAsync(Books, text, Stop));
        Assert.Equal([state], await LifeCycle.ListAsync(Books, text, null, 10, Stop));
        Assert.Equal([transition], await LifeCycle.TransitionsAsync(Books, text, Stop));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        await LifeCycle.SaveAsync(Books, [State("ann", dueDay: 1)], [Transition("ann", "a", "b")], Stop);
        await LifeCycle.SaveAsync(Wines, [State("ann", "dissolution")], [], Stop);
        Assert.Equal(State("ann", dueDay: 1), await LifeCycle.FindAsync(Books, "ann", Stop));
        Assert.Equal(["dissolution"], (await LifeCycle.CountAsync(Wines, Stop)).Keys);
        Assert.Empty(await LifeCycle.DueAsync(Wines, Noon.AddDays(1), 10, Stop));
        Assert.Empty(await LifeCycle.TransitionsAsync(Wines, "ann", Stop));
    }

    [Fact]
    public async Task One_bad_state_or_transition_costs_the_whole_batch_and_is_named()
    {
        Task SaveAsync(CustomerState state, CustomerTransition transition) =>
            LifeCycle.SaveAsync(Books, [State("good"), state], [Transition("good", "a", "b"), transition], Stop);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SaveAsync(State(""), Transition("ann", "a", "b")));
        var refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => SaveAsync(State("ann", ""), Transition("ann", "a", "b")));
        Assert.Contains("customer ann: stage", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SaveAsync(State("ann"), Transition("ann", "a", "")));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SaveAsync(State("ann"), Transition("ann", "a", "b") with { Reason = "\ud83d" }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LifeCycle.SaveAsync(Books, [State("ann")], [], new CancellationToken(canceled: true)));
        Assert.Empty(await LifeCycle.ListAsync(Books, null, null, 10, Stop));
        Assert.Empty(await LifeCycle.TransitionsAsync(Books, "good", Stop));
    }
}
