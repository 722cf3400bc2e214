using Recommender.Models;
using Recommender.Repeats;
using Recommender.Scoring;
using Recommender.Tests.ColdStart;
using Recommender.Tests.Models;

namespace Recommender.Tests.Scoring;

public sealed class BatchScorerTests
{
    // So many that those who want few pass most over.
    private const int Many = 3200;

    private static readonly AuthorShop _shop = new();
    private static readonly Scorer _scorer = _shop.WithANewBookEach();
    private static readonly int _items = _shop.Model.Items.Count;
    private static readonly Lazy<TrainedModel> _large =
        new(() => SmallShop.Train(SmallShop.Random(6, customers: 150, items: Many, density: 0.02),
            SmallShop.Recipe(factors: 16, sweeps: 3)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Everybody_of_a_batch_gets_what_they_would_get_alone(int threads)
    {
        var batch = new BatchScorer(_shop.Model) { Newcomers = _scorer.Newcomers, Boosts = [new Boost(_shop.NewBooks(), 1.5f)] };
        Scorer alone = _shop.WithANewBookEach();
        alone.Boosts = batch.Boosts;
        foreach (int count in (int[])[150, 0, 7])
            RequireSame(alone, batch, [.. Enumerable.Range(0, count).Select(k => Somebody(k))], threads);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_same_where_most_of_the_catalogue_is_passed_over(int threads)
    {
        var raised = new ItemMask(Many);
        for (int item = 0; item < Many; item += 7) raised.Set(item);
        var batch = new BatchScorer(_large.Value) { Boosts = [new Boost(raised, 1.5f)] };
        RequireSame(new Scorer(_large.Value) { Boosts = batch.Boosts }, batch,
            [.. Enumerable.Range(0, 60).Select(k => Somebody(k, Many, Many))], threads);
    }

    [Fact]
    public void Somebody_whose_confidences_are_too_small_to_reckon_with_spoils_nobody_elses_answer()
    {
        BatchPerson[] people = [.. Enumerable.Range(0, 30).Select(k => Somebody(k))];
        for (int k = 0; k < people.Length; k += 2) Array.Fill(people[k].Confidences, 1e-42f);
        RequireSame(_shop.WithANewBookEach(), new BatchScorer(_shop.Model) { Newcomers = _scorer.Newcomers }, people, 1);
        Assert.All(people, person => Assert.All(person.Top[..person.Found], scored => Assert.True(float.IsFinite(scored.Score))));
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

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(19)]
    public void A_batch_that_breaks_off_while_some_are_asked_for_leaves_no_mark_on_the_next_one(int at)
    {
        var batch = new BatchScorer(_large.Value) { MostTogether = 20 };
        BatchPerson[] some = [.. Enumerable.Range(0, 50).Select(k => Somebody(k, Many, Many))];
        int[] half = [.. Enumerable.Range(0, Many / 2).Select(k => 2 * k)];
        BatchPerson[] people = [.. some[..20].Select(person => Again(person, half))];
        // Passes for nothing when all are checked, and is looked at when its turn comes.
        people[at].Excluded = null!;
        Assert.ThrowsAny<Exception>(() => batch.Personalised(people, 1, CancellationToken.None));
        Assert.All(people, person => Assert.Equal(-1, person.Found));
        RequireSame(new Scorer(_large.Value), batch, some, 1);
    }

    [Fact]
    public async Task A_batch_that_is_stopped_stops_and_the_next_one_is_whole()
    {
        var batch = new BatchScorer(_large.Value);
        BatchPerson[] some = [.. Enumerable.Range(0, 50).Select(k => Somebody(k, Many, Many))];
        using var stopped = new CancellationTokenSource();
        var working = Task.Run(() => { while (true) batch.Personalised(some, 1, stopped.Token); });
        // In the middle of the work, not before it.
        while (some[0].Found < 0 && !working.IsCompleted) await Task.Delay(1, TestContext.Current.CancellationToken);
        await stopped.CancelAsync();
        Assert.True(some[0].Found >= 0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working);
        RequireSame(new Scorer(_large.Value), batch, some, 1);
    }

    private static void RequireSame(Scorer alone, BatchScorer batch, BatchPerson[] people, int threads)
    {
        batch.Personalised(people, threads, CancellationToken.None);
        foreach (BatchPerson person in people)
        {
            var top = new ScoredItem[person.Top.Length];
            int found = alone.Personalised(person.Items, person.Confidences, person.Refused, person.Answered, person.Expected,
                person.Eligible, person.Excluded, top);
            Assert.Equal(found, person.Found);
            Assert.Equal(top[..found], person.Top[..person.Found]);
        }
    }

    // Histories of all lengths, some who have answered, some whose purchases come back, wishes of all lengths.
    private static BatchPerson Somebody(int seed) => Somebody(seed, _items, _scorer.Newcomers.Length);

    private static BatchPerson Somebody(int seed, int known, int numbers)
    {
        var random = new Random(seed);
        var eligible = new ItemMask(numbers);
        for (int item = 0; item < eligible.Length; item++) if (random.Next(5) > 0) eligible.Set(item);
        int[] items = [.. Enumerable.Range(0, known).OrderBy(_ => random.Next()).Take(random.Next(40))];
        return new BatchPerson
        {
            Items = items,
            Confidences = [.. items.Select(_ => (float)(2 * random.NextDouble() - 0.1))],
            Refused = seed % 3 == 0 ? [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(known))] : [],
            Answered = seed % 3 == 0,
            Expected = seed % 5 == 0
                ? [.. items.Take(3).Select(item => new DueItem(item, (float)random.NextDouble(), (float)random.NextDouble()))]
                : [],
            Eligible = eligible,
            Excluded = [.. items.Take(random.Next(10)), 5000],
            Top = new ScoredItem[random.Next(30)],
            Found = -1,
        };
    }

    // Asks the same and wants nothing: all the time goes into asking.
    private static BatchPerson Again(BatchPerson person, int[] excluded) => new()
    {
        Items = person.Items,
        Confidences = person.Confidences,
        Refused = person.Refused,
        Answered = person.Answered,
        Expected = person.Expected,
        Eligible = person.Eligible,
        Excluded = excluded,
        Top = [],
        Found = -1,
    };
}
