using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Scoring;

namespace Recommender.Tests.Scoring;

public sealed class NewcomerScoresTests
{
    private const int Known = 200, New = 150, Factors = 24;

    /// <summary>Whatever lies in them: equals, zeros, numbers that are hardly any, huge ones, none at all, shares below zero.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_best_newcomers_are_those_that_scoring_all_finds(int seed)
    {
        var random = new Random(seed);
        AddedScores added = Added(random);
        FactorMatrix vector = FactorMatrix.Vector(Factors);
        float size = Size(random);
        for (int j = 0; j < Factors; j++) vector.MutableRow(0)[j] = size * (random.NextSingle() - 0.5f);
        var scores = new NewcomerScores(added, VectorKernels.Best) { Newcomers = Some(random, vector.Row(0).ToArray()) };
        int[] history = [3, 70, 150];
        scores.Keep(history, [], []);
        if (seed % 2 == 0) scores.Raise(70, 50 * Size(random));
        foreach (int item in history) added.Add(item, 100);
        ItemMask eligible = new(Known + New), excluded = new(Known + New);
        for (int item = Known; item < Known + New; item++) (eligible[item], excluded[item]) = (random.Next(10) > 0, random.Next(10) == 0);
        var raised = new ItemMask(Known + New);
        for (int item = Known; item < Known + New; item += random.Next(1, 40)) raised.Set(item);
        Boost[] boosts = seed % 3 == 0 ? [new Boost(raised, seed % 2 == 0 ? 3 : 0.3f)] : [];
        ScoredItem[] before = [.. Enumerable.Range(0, random.Next(8))
            .Select(item => new ScoredItem(item, size * size * random.NextSingle()))];

        var top = new ScoredItem[random.Next(12)];
        var heap = new TopHeap(top);
        foreach (ScoredItem one in before) heap.Offer(one.Item, one.Score);
        float[] values = added.Values.ToArray();
        scores.Offer(vector, eligible, excluded, boosts, ref heap);
        Assert.Equal(values, added.Values);
        int found = heap.Finish();

        IEnumerable<ScoredItem> all = scores.Newcomers.Numbers.Where(item => eligible[item] && !excluded[item])
            .Select(item => new ScoredItem(item, TopHeap.Counted(scores.Score(vector, item, boosts))));
        Assert.Equal(before.Concat(all).OrderByDescending(one => one.Score).ThenBy(one => one.Item).Take(top.Length), top.Take(found));
    }

    [Fact]
    public void What_is_read_of_newcomers_is_what_was_placed_of_them()
    {
        Newcomers some = Some(new Random(5), new float[Factors]);
        foreach (int number in some.Numbers)
        {
            NewcomerTerms terms = some.Blocks[number / 64 - some.FirstWord]!.Terms;
            Assert.True(some.TryGetLookalikes(number, out var items, out var shares));
            Assert.Equal(items.Zip(shares),
                Enumerable.Range(0, terms.Count(number % 64)).Select(k => terms.Lookalike(number % 64, k)));
            Assert.Equal(some.Find(number)!.Popularity, terms.Popularity(number % 64));
        }
    }

    /// <summary>What it looks like is read without looking again where it lies.</summary>
    [Theory]
    [InlineData(5_000_000)]
    [InlineData(Known)]
    [InlineData(-1)]
    public void Who_looks_like_an_item_that_the_model_does_not_know_is_refused(int item)
    {
        var newcomer = new Newcomer(new float[Factors], 0, [3, item], [0.5f, 0.2f]);
        var refusal = Assert.Throws<ArgumentException>(() => Newcomers.None(Known).With([(Known + 4, newcomer)], Factors));
        Assert.Contains($"Newcomer {Known + 4} looks like item {item}, but the model knows {Known} items", refusal.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Who_has_not_one_share_for_each_look_alike_is_refused(int shares)
    {
        var newcomer = new Newcomer(new float[Factors], 0, [3, 4], [.. Enumerable.Repeat(0.1f, shares)]);
        var refusal = Assert.Throws<ArgumentException>(() => Newcomers.None(Known).With([(Known, newcomer)], Factors));
        Assert.Contains($"Newcomer {Known} looks like 2 items and has {shares} shares", refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 400)];

    private static AddedScores Added(Random random)
    {
        var added = new AddedScores(new FixedScores([.. Enumerable.Range(0, Known).Select(_ => random.NextSingle())]));
        added.Start(random.NextSingle());
        float size = Size(random);
        for (int k = 0; k < 60; k++) added.Add(random.Next(Known), size * (random.NextSingle() - 0.3f));
        if (random.Next(8) == 0)
            added.Add(random.Next(Known), ((float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])[random.Next(3)]);
        return added;
    }

    private static Newcomers Some(Random random, float[] customer)
    {
        bool equal = random.Next(4) == 0, broken = random.Next(4) == 0;
        float size = Size(random), popularity = Size(random);
        Newcomer? first = null;
        (int, Newcomer?)[] placed = [.. Enumerable.Range(Known, New).Where(_ => random.Next(9) > 0).Select(number =>
        {
            float[] vector = [.. Enumerable.Range(0, Factors).Select(_ => size * (random.NextSingle() - 0.5f))];
            if (random.Next(5) == 0) Array.Clear(vector);
            // As near to a bound as a score gets: in the customer's direction, and like what is worth most.
            bool along = random.Next(3) == 0, alike = random.Next(3) == 0;
            for (int j = 0; along && j < Factors; j++) vector[j] = size * customer[j];
            if (alike) Array.Clear(vector);
            if (broken && random.Next(30) == 0)
                vector[random.Next(Factors)] = ((float[])[float.NaN, float.PositiveInfinity, 1e30f])[random.Next(3)];
            int likes = random.Next(6);
            var newcomer = new Newcomer(vector, alike ? 0 : popularity * random.NextSingle(),
                [.. Enumerable.Range(0, likes).Select(_ => alike ? 70 : random.Next(Known))],
                [.. Enumerable.Range(0, likes).Select(_ => (random.NextSingle() - (broken ? 0.2f : 0)) / 6)]);
            first ??= newcomer;
            return (number, equal && random.Next(2) == 0 ? first : newcomer);
        })];
        Newcomers some = Newcomers.None(Known).With(placed, Factors);
        // One comes and goes, and some are changed.
        some = some.With([(Known + 1, placed[^1].Item2)], Factors).With([(Known + 1, null), (Known + 2, placed[0].Item2)], Factors);
        return some;
    }

    private static float Size(Random random) => ((float[])[0, 1e-30f, 1e-12f, 0.01f, 1, 1, 1, 1000, 1e15f, 1e25f])[random.Next(10)];
}
