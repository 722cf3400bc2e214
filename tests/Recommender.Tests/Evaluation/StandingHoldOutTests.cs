using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Tests.Models;

namespace Recommender.Tests.Evaluation;

public sealed class StandingHoldOutTests
{
    [Fact]
    public void What_is_held_out_is_not_learned_and_nothing_is_lost()
    {
        TrainingSet all = SmallShop.Random(3, customers: 400, items: 120);
        HoldOut parts = StandingHoldOut.Split(all, 0.05);
        Assert.InRange(parts.Test.Count / (double)all.Matrix.Count, 0.03, 0.07);
        Assert.Equal(0.05, parts.Train.HeldOutShare);
        for (int row = 0; row < all.Matrix.RowCount; row++)
        {
            int[] learned = parts.Train.Matrix.Row(row).Columns.ToArray(), held = parts.Test.Row(row).Columns.ToArray();
            Assert.Empty(learned.Intersect(held));
            Assert.True(learned.Length > 0 || held.Length == 0);
            if (learned.Length > 0) Assert.Equal(all.Matrix.Row(row).Columns.ToArray(), learned.Union(held).Order());
        }
    }

    [Fact]
    public void A_pair_that_was_held_out_stays_so_when_the_log_grows_and_is_numbered_otherwise()
    {
        TrainingSet late = SmallShop.Random(3, customers: 400, items: 120);
        // Half of the people, in the opposite order: what an earlier day may have looked like.
        var people = new VocabularyBuilder();
        var pairs = new List<(int, int)>();
        for (int row = late.Matrix.RowCount - 1; row >= 200; row--)
        {
            int person = people.Add(late.People[row]);
            foreach (int item in late.Matrix.Row(row).Columns) pairs.Add((person, item));
        }
        var early = new TrainingSet(people.Build(), late.Items, InteractionMatrix.FromPairs(200, late.Items.Count, pairs));
        HoldOut today = StandingHoldOut.Split(late, 0.05), before = StandingHoldOut.Split(early, 0.05), smaller = StandingHoldOut.Split(late, 0.02);
        for (int row = 200; row < 400; row++)
        {
            Assert.True(early.People.TryGetNumber(late.People[row], out int person));
            Assert.Equal(today.Test.Row(row).Columns.ToArray(), before.Test.Row(person).Columns.ToArray());
            Assert.Subset(today.Test.Row(row).Columns.ToArray().ToHashSet(), smaller.Test.Row(row).Columns.ToArray().ToHashSet());
        }
    }

    [Fact]
    public void What_was_learned_while_somebody_had_little_is_not_asked_for_when_they_have_more()
    {
        TrainingSet late = SmallShop.Random(5, customers: 500, items: 150, density: 0.06);
        var pairs = from row in Enumerable.Range(0, 500) from item in late.Matrix.Row(row).Columns.ToArray().Take(2) select (row, item);
        TrainingSet early = late with { Matrix = InteractionMatrix.FromPairs(500, 150, pairs) };
        HoldOut today = StandingHoldOut.Split(late, 0.05), before = StandingHoldOut.Split(early, 0.05);
        Assert.True(today.Test.Count > 100);
        Assert.All(Enumerable.Range(0, 500), row => Assert.Empty(today.Test.Row(row).Columns.ToArray().Intersect(before.Train.Matrix.Row(row).Columns.ToArray())));
    }

    [Fact]
    public void Whoever_was_linked_and_every_answer_is_learned_whole()
    {
        var items = new VocabularyBuilder();
        for (int item = 0; item < 40; item++) items.Add(item < 20 ? $"item-{item}" : AnswerColumns.KeyOf("onboarding", "genre", $"option-{item}"));
        var people = new VocabularyBuilder();
        for (int person = 0; person < 300; person++) people.Add($"customer:{person}");
        var pairs = from person in Enumerable.Range(0, 300) from item in Enumerable.Range(0, 40) select (person, item);
        HoldOut parts = StandingHoldOut.Split(new TrainingSet(people.Build(), items.Build(), InteractionMatrix.FromPairs(300, 40, pairs))
        {
            LinkedPeople = Enumerable.Range(0, 100).ToHashSet(),
        }, 0.3);
        Assert.All(Enumerable.Range(0, 100), person => Assert.Equal(0, parts.Test.Row(person).Length));
        Assert.True(parts.Test.Count > 500);
        Assert.All(Enumerable.Range(0, 300), person => Assert.All(parts.Test.Row(person).Columns.ToArray(), item => Assert.True(item < 20)));
    }

    [Fact]
    public void A_shop_with_little_learns_everything()
    {
        Assert.Equal(0, StandingHoldOut.ShareOf(4_999));
        Assert.True(StandingHoldOut.ShareOf(5_000) > StandingHoldOut.ShareOf(100_000));
        Assert.Equal(0, StandingHoldOut.Split(SmallShop.Random(1), 0).Test.Count);
    }
}
