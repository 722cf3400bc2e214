using Recommender.Evaluation;
using Recommender.Interactions;

namespace Recommender.Tests.Evaluation;

public sealed class TimeSplitTests
{
    private static readonly DateTimeOffset _cut = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Person _ada = Person.Customer("ada"), _bo = Person.Customer("bo");
    private int _events;

    [Fact]
    public void What_was_known_at_the_cut_is_learned_as_of_the_cut_and_what_came_after_is_to_be_found()
    {
        HoldOut split = Split(new TimeSplitOptions(), Bought(_ada, "milk", -365), Bought(_ada, "bread", -1), Bought(_bo, "milk", -1), Bought(_ada, "tea", 3));
        Assert.Equal(["milk", "bread"], Known(split, _ada));
        Assert.Equal(0.5, split.Train.Matrix.Row(0).Confidence(0), 3);
        Assert.Equal(_cut, split.Train.AsOf);
        Assert.Equal(["tea"], Chosen(split, _ada));
        Assert.Empty(Chosen(split, _bo));
    }

    [Fact]
    public void Repeats_count_only_where_the_split_says_so()
    {
        ShopEvent[] log = [Bought(_ada, "milk", -1), Bought(_ada, "milk", 1), Bought(_ada, "tea", 1)];
        Assert.Equal(["tea"], Chosen(Split(new TimeSplitOptions(), log), _ada));
        Assert.Equal(["milk", "tea"], Chosen(Split(new TimeSplitOptions { RepeatsCount = true }, log), _ada));
    }

    [Fact]
    public void People_and_items_that_nobody_had_seen_before_are_there_to_be_missed()
    {
        HoldOut split = Split(new TimeSplitOptions(), Bought(_ada, "milk", -1), Bought(_bo, "novelty", 1));
        Assert.Equal(["novelty"], Chosen(split, _bo));
        Assert.Empty(Known(split, _bo));
        Assert.Equal((split.Train.People.Count, split.Train.Items.Count), (split.Test.RowCount, split.Test.ColumnCount));
        Assert.Equal((split.Train.Matrix.RowCount, split.Train.Matrix.ColumnCount), (split.Test.RowCount, split.Test.ColumnCount));
    }

    [Fact]
    public void What_was_taken_back_after_the_cut_was_not_chosen_and_what_was_taken_back_of_before_was_known()
    {
        ShopEvent mistake = Bought(_ada, "lamp", 1);
        HoldOut split = Split(new TimeSplitOptions(), Bought(_ada, "milk", -1), Bought(_ada, "shoes", 1), Of(EventTypes.Return, _ada, "shoes", 2),
            mistake, Of(EventTypes.Undo, _ada, null, 2) with { UndoesEventId = mistake.EventId }, Bought(_ada, "tea", 3),
            Of(EventTypes.Return, _ada, "milk", 4));
        Assert.Equal(["milk"], Known(split, _ada));
        Assert.Equal(["tea"], Chosen(split, _ada));
    }

    [Fact]
    public void Only_the_types_that_are_asked_for_count_as_chosen()
    {
        ShopEvent[] log = [Bought(_ada, "milk", -1), Of(EventTypes.View, _ada, "tea", 1), Of(EventTypes.Like, _ada, "film", 1)];
        Assert.Equal(["film"], Chosen(Split(new TimeSplitOptions { Types = [EventTypes.Like] }, log), _ada));
        Assert.Contains("Nobody chose", Assert.Throws<ArgumentException>(() => Split(new TimeSplitOptions(), log)).Message);
        Assert.Contains("\"liek\"", Assert.Throws<ArgumentException>(() => Split(new TimeSplitOptions { Types = ["liek"] }, log)).Message);
    }

    [Fact]
    public void A_cut_by_the_newest_part_leaves_that_part_behind_it()
    {
        DateTimeOffset[] moments = [.. Enumerable.Range(0, 10).Select(day => _cut.AddDays(day)).Reverse()];
        Assert.Equal(_cut.AddDays(8), TimeSplit.CutAt(moments, 0.2));
        Assert.Equal(_cut.AddDays(1), TimeSplit.CutAt([_cut, _cut, _cut, _cut.AddDays(1)], 0.9));
        Assert.Throws<ArgumentException>(() => TimeSplit.CutAt([_cut, _cut], 0.2));
    }

    private static HoldOut Split(TimeSplitOptions options, params ShopEvent[] log)
    {
        var split = new TimeSplit(new ConfidenceOptions { HalfLifeDays = 365 }, _cut, options);
        foreach (ShopEvent happened in log) split.Add(happened, happened.Person);
        return split.Build();
    }

    private static string[] Known(HoldOut split, Person person) => Items(split, split.Train.Matrix, person);

    private static string[] Chosen(HoldOut split, Person person) => Items(split, split.Test, person);

    private static string[] Items(HoldOut split, InteractionMatrix matrix, Person person)
    {
        Assert.True(split.Train.People.TryGetNumber(TrainingSet.Key(person), out int row));
        return [.. matrix.Row(row).Columns.ToArray().Select(column => split.Train.Items[column])];
    }

    private ShopEvent Bought(Person person, string item, double days) => Of(EventTypes.Purchase, person, item, days);

    private ShopEvent Of(string type, Person person, string? item, double days) =>
        new() { EventId = $"e{_events++}", Type = type, Person = person, ItemId = item, OccurredAt = _cut.AddDays(days) };
}
