using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Repeats;
using Recommender.Scoring;
using Recommender.Tests.Models;

namespace Recommender.Tests.Evaluation;

public sealed class HoldOutTests
{
    private static readonly TrainingSet _all = SmallShop.Random(3, customers: 90, items: 60, density: 0.3);

    [Fact]
    public void A_tenth_of_everybodys_items_is_held_out_and_nothing_is_lost_or_in_both_parts()
    {
        HoldOut split = HoldOut.AtRandom(_all, 0.1, seed: 1);
        for (int row = 0; row < 90; row++)
        {
            int[] train = split.Train.Matrix.Row(row).Columns.ToArray(), test = split.Test.Row(row).Columns.ToArray();
            Assert.Equal(_all.Matrix.Row(row).Columns.ToArray(), train.Concat(test).Order());
            Assert.Equal(Math.Max(0, Math.Min(train.Length + test.Length - 1, (int)Math.Round(0.1 * (train.Length + test.Length)))), test.Length);
        }
        Assert.Equal(split.Test.Row(4).Columns.ToArray(), HoldOut.AtRandom(_all, 0.1, seed: 1).Test.Row(4).Columns.ToArray());
        Assert.NotEqual(Enumerable.Range(0, 90).SelectMany(row => split.Test.Row(row).Columns.ToArray()),
            Enumerable.Range(0, 90).SelectMany(row => HoldOut.AtRandom(_all, 0.1, seed: 2).Test.Row(row).Columns.ToArray()));
    }

    [Fact]
    public void What_is_not_for_sale_is_learned_and_never_to_be_found()
    {
        var candidates = new ItemMask(60);
        for (int item = 0; item < 60; item += 2) candidates.Set(item);
        HoldOut split = HoldOut.AtRandom(_all, 0.3, seed: 1, candidates);
        Assert.True(split.Test.Count > 100);
        Assert.All(Enumerable.Range(0, 90), row => Assert.DoesNotContain(split.Test.Row(row).Columns.ToArray(), item => item % 2 == 1));
        Assert.Equal(_all.Matrix.Count, split.Train.Matrix.Count + split.Test.Count);
    }

    [Fact]
    public void The_same_events_by_other_weights_come_in_the_numbers_of_the_hold_out_and_without_it()
    {
        HoldOut split = HoldOut.AtRandom(_all, 0.2, seed: 1);
        var people = new VocabularyBuilder();
        var items = new VocabularyBuilder();
        foreach (string id in (string[])["customer:c7", "customer:unknown", "customer:c2"]) people.Add(id);
        foreach (string id in Enumerable.Range(0, 60).Reverse().Select(item => $"item{item}").Append("unknown")) items.Add(id);
        var other = new TrainingSet(people.Build(), items.Build(),
            InteractionMatrix.FromPairs(3, 61, from row in Enumerable.Range(0, 3) from column in Enumerable.Range(0, 61) select (row, column)));
        TrainingSet read = split.Read(other);
        Assert.Equal((90, 60), (read.Matrix.RowCount, read.Matrix.ColumnCount));
        foreach (int row in (int[])[2, 7])
            Assert.Equal(Enumerable.Range(0, 60).Except(split.Test.Row(row).Columns.ToArray()), read.Matrix.Row(row).Columns.ToArray());
        Assert.Equal(read.Matrix.Count, read.Matrix.Row(2).Length + read.Matrix.Row(7).Length);
    }

    [Fact]
    public void How_often_things_are_bought_again_comes_in_the_numbers_of_the_hold_out()
    {
        HoldOut split = HoldOut.AtRandom(_all, 0.2, seed: 1);
        var items = new VocabularyBuilder();
        foreach (string id in (string[])["unknown", "item59", "item3"]) items.Add(id);
        var other = new TrainingSet(_all.People, items.Build(), InteractionMatrix.FromPairs(90, 3, [(0, 0), (1, 1)]))
        {
            Repeats = new RepeatRates([0.1f, 0.2f, 0.3f], [1, 2, 3]),
            Habits = [[(2, default)]],
        };
        TrainingSet read = split.Read(other);
        Assert.Null(read.Habits);
        Assert.Equal((60, 0.2f, 3f, 0f), (read.Repeats!.Shares.Length, read.Repeats.Shares[59], read.Repeats.Days[3], read.Repeats.Days[0]));
    }

    [Fact]
    public void Nobody_with_items_to_spare_is_said()
    {
        var problem = Assert.Throws<ArgumentException>(() => HoldOut.AtRandom(SmallShop.Set(2, 2, [(0, 0), (1, 1)]), 0.5, seed: 1));
        Assert.Contains("Nobody of 2 people", problem.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => HoldOut.AtRandom(_all, 1, seed: 1));
    }
}
