using Recommender.Repeats;
using Recommender.Scoring;
using Recommender.Tests.ColdStart;

namespace Recommender.Tests.Scoring;

public sealed class BatchScorerTests
{
    private static readonly AuthorShop _shop = new();
    private static readonly Scorer _scorer = _shop.WithANewBookEach();
    private static readonly int _items = _shop.Model.Items.Count;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Everybody_of_a_batch_gets_what_they_would_get_alone(int threads)
    {
        var batch = new BatchScorer(_shop.Model) { Newcomers = _scorer.Newcomers, Boosts = [new Boost(_shop.NewBooks(), 1.5f)] };
        foreach (int count in (int[])[150, 0, 7])
        {
            BatchPerson[] people = [.. Enumerable.Range(0, count).Select(k => Somebody(k))];
            batch.Personalised(people, threads, CancellationToken.None);
            Scorer alone = _shop.WithANewBookEach();
            alone.Boosts = batch.Boosts;
            foreach (BatchPerson person in people)
            {
                var top = new ScoredItem[person.Top.Length];
                int found = alone.Personalised(person.Items, person.Confidences, person.Refused, person.Answered, person.Expected, person.Eligible, person.Excluded, top);
                Assert.Equal(found, person.Found);
                Assert.Equal(top[..found], person.Top[..person.Found]);
            }
        }
    }

    [Fact]
    public void A_batch_with_somebody_who_cannot_be_asked_for_is_refused_before_anybody_is_answered()
    {
        var batch = new BatchScorer(_shop.Model);
        BatchPerson[] people = [Somebody(1), Somebody(2)];
        people[1].Refused = [_items];
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Personalised(people, 1, CancellationToken.None));
        Assert.Equal(-1, people[0].Found);
    }

    [Fact]
    public void A_stopped_batch_leaves_no_mark_on_the_next_one()
    {
        var batch = new BatchScorer(_shop.Model) { Newcomers = _scorer.Newcomers };
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        BatchPerson[] people = [.. Enumerable.Range(0, 50).Select(k => Somebody(k))];
        Assert.ThrowsAny<OperationCanceledException>(() => batch.Personalised(people, 2, stopped.Token));
        BatchPerson again = Somebody(3), alone = Somebody(3);
        batch.Personalised([again], 2, CancellationToken.None);
        new BatchScorer(_shop.Model) { Newcomers = _scorer.Newcomers }.Personalised([alone], 1, CancellationToken.None);
        Assert.Equal(alone.Found, again.Found);
        Assert.Equal(alone.Top, again.Top);
    }

    // Histories of all lengths, some who have answered, some whose purchases come back, wishes of all lengths.
    private static BatchPerson Somebody(int seed)
    {
        var random = new Random(seed);
        var eligible = new ItemMask(_scorer.Newcomers.Length);
        for (int item = 0; item < eligible.Length; item++) if (random.Next(5) > 0) eligible.Set(item);
        int[] items = [.. Enumerable.Range(0, _items).OrderBy(_ => random.Next()).Take(random.Next(40))];
        return new BatchPerson
        {
            Items = items,
            Confidences = [.. items.Select(_ => (float)(2 * random.NextDouble() - 0.1))],
            Refused = seed % 3 == 0 ? [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(_items))] : [],
            Answered = seed % 3 == 0,
            Expected = seed % 5 == 0 ? [.. items.Take(3).Select(item => new DueItem(item, (float)random.NextDouble(), (float)random.NextDouble()))] : [],
            Eligible = eligible,
            Excluded = [.. items.Take(random.Next(10)), 5000],
            Top = new ScoredItem[random.Next(30)],
            Found = -1,
        };
    }
}
