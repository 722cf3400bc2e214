using Recommender.Interactions;
using Recommender.Models;
using Recommender.Repeats;
using Recommender.Scoring;

namespace Recommender.Tests.Repeats;

public sealed class RepeatRatesTests
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);
    // By the day: what was just bought is not offered.
    private static readonly RepeatOptions _options = new() { Weight = 10, Early = 0.05, Patience = 8 };
    private int _events;

    [Fact]
    public void Weekly_milk_comes_back_when_it_is_due_and_not_the_day_after()
    {
        TrainingSet set = Train(WeeklyMilk());
        var habit = new PurchaseHabit(10, Day(0), Day(63));
        int milk = Number(set, "milk");
        double dayAfter = Expected(64), due = Expected(70), longAfter = Expected(63 + 7 * 30);
        Assert.True(due > 8 * dayAfter, $"{due} when due, {dayAfter} the day after");
        Assert.True(due > 8 * longAfter, $"{due} when due, {longAfter} half a year later");
        double Expected(int day) => set.Repeats!.Expected(milk, habit, Day(day), _options).Gain;
    }

    [Fact]
    public void A_lamp_that_nobody_buys_twice_is_not_expected_again_as_milk_is()
    {
        TrainingSet set = Train(WeeklyMilk());
        var once = new PurchaseHabit(1, Day(0), Day(0));
        double lamp = set.Repeats!.Expected(Number(set, "lamp"), once, Day(7), _options).Gain,
            milk = set.Repeats.Expected(Number(set, "milk"), once, Day(7), _options).Gain;
        Assert.True(milk > 3 * lamp, $"milk {milk}, lamp {lamp}");
    }

    [Fact]
    public void A_list_where_things_come_back_begins_with_what_is_due()
    {
        TrainingSet set = Train(WeeklyMilk());
        TrainedModel model =
            Training.Run(set, new Recipe { Factorization = new() { Factors = 2 } }, new TrainingConditions { Threads = 1 },
                CancellationToken.None);
        History history = History.Of([.. WeeklyMilk().Where(happened => happened.Person == Person.Customer("c0"))], set.Confidence, set.AsOf);
        Assert.Equal("milk", First(70));
        Assert.NotEqual("milk", First(64));

        string First(int day)
        {
            var entries = history.Entries.Where(entry => entry.Confidence > 0).ToList();
            int[] items = [.. entries.Select(entry => Number(set, entry.ItemId))];
            DueItem[] due = [.. entries.Select((entry, k) => model.Repeats!.Expected(items[k], entry.Habit, Day(day), _options))];
            var all = new ItemMask(model.Items.Count);
            all.SetAll();
            var top = new ScoredItem[1];
            var scorer = new Scorer(model);
            scorer.Personalised(items, [.. entries.Select(entry => entry.Confidence)], [], answered: false, due, all, [], top);
            if (day == 70)
            {
                var reasons = new Reason[4];
                Assert.InRange(scorer.Reasons(top[0].Item, reasons), 1, 4);
                Assert.Equal(top[0].Item, items[reasons[0].HistoryIndex]);
            }
            return model.Items[top[0].Item];
        }
    }

    [Fact]
    public void What_was_wholly_returned_is_no_habit_and_two_orders_of_a_day_are_one()
    {
        History history = History.Of([Bought("c", "shoes", 0), Bought("c", "shoes", 9), Of("c", "shoes", 10, EventTypes.Return) with { Quantity = 2 },
            Bought("c", "milk", 0), Bought("c", "milk", 0), Bought("c", "milk", 7)], new ConfidenceOptions(), _start.AddDays(20));
        Assert.Equal(default, history.Entries.Single(entry => entry.ItemId == "shoes").Habit);
        Assert.Equal(new PurchaseHabit(2, Day(0), Day(7)), history.Entries.Single(entry => entry.ItemId == "milk").Habit);
    }

    // Thirty customers who buy milk every week, bread and one of five lamps now and then.
    private IEnumerable<ShopEvent> WeeklyMilk()
    {
        for (int customer = 0; customer < 30; customer++)
        {
            for (int week = 0; week < 10; week++) yield return Bought($"c{customer}", "milk", 7 * week);
            yield return Bought($"c{customer}", "bread", 30);
            yield return Bought($"c{customer}", "bread", 60);
            yield return Bought($"c{customer}", "lamp", 40 + customer % 5);
            if (customer % 3 > 0) yield return Bought($"c{customer}", $"book {customer % 4}", 61);
        }
    }

    private static TrainingSet Train(IEnumerable<ShopEvent> events)
    {
        var builder = new TrainingSetBuilder(new ConfidenceOptions(), _start.AddDays(64));
        foreach (ShopEvent happened in events) builder.Add(happened);
        return builder.Build();
    }

    private static int Number(TrainingSet set, string item) => set.Items.TryGetNumber(item, out int number) ? number : throw new ArgumentException(item);

    private static int Day(int day) => PurchaseHabit.DayOf(_start.AddDays(day));

    private ShopEvent Bought(string customer, string item, int day) => Of(customer, item, day, EventTypes.Purchase);

    private ShopEvent Of(string customer, string item, int day, string type) =>
        new() { EventId = $"e{_events++}", Type = type, Person = Person.Customer(customer), ItemId = item, OccurredAt = _start.AddDays(day) };
}
