using System.Runtime.CompilerServices;
using Grpc.Core;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Ranking;
using Recommender.Server.Errors;
using Recommender.Server.Profiles;

namespace Recommender.Server.Serving;

/// <summary>
/// Answers many people, each as <see cref="Recommending"/> would answer them at that moment: page after page, and no page before the one before it was
/// taken. What is in memory is one page of people and their answers.
/// </summary>
internal sealed class BatchRecommending(Shop shop, TimeProvider time)
{
    // Enough that threads seldom wait for the slowest, few enough that stopping is quick.
    private const int PageOfPeople = 512;
    private const int MostPeopleTogether = 100;
    private const int MostItemsTogether = 2_000;

    // Where the store is across a network most of the time is waiting for it.
    private const int ReadingAheadPerThread = 16;

    private readonly CustomerSelection _selection = new(shop);

    /// <param name="threads">Where people are worked on; as many at once.</param>
    /// <exception cref="RefusedException">An unknown scenario, a filter that does not compile, a token of another query; or the store is out of reach.</exception>
    public async IAsyncEnumerable<BatchPart> AnswerAsync(BatchQuery query, TaskScheduler threads, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var scenario = shop.Scenarios.Find(query.Each.ScenarioId)
            ?? throw RefusedException.NotFound("scenario", query.Each.ScenarioId, shop.Scenarios.All.Select(known => known.Id));
        if (!BatchMark.TryRead(query.ResumeToken, query.Fingerprint, out var mark))
            throw new RefusedException(StatusCode.InvalidArgument, "resume_token belongs to another request",
                [new("resume_token", "belongs to another request; ask for the same again, or leave it out to begin")]);
        Check(query.Each, scenario, cancellation);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // For people to look at: nobody waits for it.
        long of = 0;
        var counting = CountAsync(ending.Token);
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = threads.MaximumConcurrencyLevel * (shop.Store.IsShared ? ReadingAheadPerThread : 1),
            TaskScheduler = threads,
            CancellationToken = cancellation,
        };
        try
        {
            bool any = false;
            var ranking = new BatchRanking();
            var customers = await _selection.IdsAsync(query.Whom, mark.After, cancellation);
            await foreach (string[] ids in customers.Chunk(PageOfPeople).WithCancellation(cancellation))
            {
                var now = shop.Live.Now;
                var answers = await AnswerAsync(ids, query, scenario, now, ranking, options);
                foreach (var (from, to) in Parts(answers, query))
                {
                    for (int i = from; i < to; i++) mark = mark.Past(ids[i], answers[i].Pressure.Cause);
                    var told = Told(ids, answers, from, to, query);
                    await RememberAsync(told, cancellation);
                    any = true;
                    yield return new BatchPart(told, now, DegradedBy(now), mark, Interlocked.Read(ref of));
                }
            }
            if (!any) yield return new BatchPart([], shop.Live.Now, DegradedBy(shop.Live.Now), mark, mark.Done);
        }
        finally
        {
            await ending.CancelAsync();
            await counting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task CountAsync(CancellationToken stop) => Interlocked.Exchange(ref of, await _selection.CountAsync(query.Whom, stop));
    }

    /// <summary>What would be wrong for everybody is said before anybody is answered.</summary>
    private void Check(RecommendQuery each, Scenario scenario, CancellationToken cancellation)
    {
        var now = shop.Live.Now;
        now.Eligible(scenario, each.Filter, [], cancellation);
        AppliedBoosts.Of(scenario, each.Boosts, now, cancellation);
    }

    private async Task<Answer[]> AnswerAsync(string[] ids, BatchQuery query, Scenario scenario, Moment now, BatchRanking ranking, ParallelOptions options)
    {
        var answers = new Answer[ids.Length];
        var passing = new PassingPeople(shop, ids.Select(Person.Customer));
        try
        {
            var prepared = new PreparedRequest?[ids.Length];
            await Parallel.ForEachAsync(Enumerable.Range(0, ids.Length), options, async (i, stop) =>
            {
                var person = Person.Customer(ids[i]);
                if (await SilenceAsync(person, query, scenario, now, stop) is { } silent) answers[i] = silent;
                else prepared[i] = await PrepareAsync(person, query, scenario, now, stop);
            });
            await ranking.RankAsync(prepared, now, options);
            await Parallel.ForAsync(0, ids.Length, options, (i, _) =>
            {
                if (prepared[i] is { } known) answers[i] = shop.Recommending.Answer(known, out bool _);
                return ValueTask.CompletedTask;
            });
        }
        finally { passing.Leave(); }
        return answers;
    }

    /// <summary>Not to be addressed in a batch, whatever they would be answered themselves.</summary>
    private async ValueTask<Answer?> SilenceAsync(Person person, BatchQuery query, Scenario scenario, Moment now, CancellationToken cancellation)
    {
        // A page is better filled for anybody than broken; a mail to somebody who is gone must not be written.
        if (shop.Erased.Contains(person)) return Silent(SilenceCause.Erased, $"{person} asked to be forgotten", scenario, now);
        if (query.Whom.Listed.Count == 0 && (await shop.Identities.OfAsync(person, cancellation)).Root is var root && root != person)
            return Silent(SilenceCause.OtherAccount, $"{person} is the same person as {root}", scenario, now);
        return null;
    }

    private async ValueTask<PreparedRequest> PrepareAsync(Person person, BatchQuery query, Scenario scenario, Moment now, CancellationToken cancellation)
    {
        var each = query.Each with { Person = person };
        var situation = await shop.Recommending.SituationOfAsync(each, scenario, now.Live, cancellation);
        if (situation.Missing.Length > 0) throw new RefusedException(StatusCode.Unavailable, $"{situation.Missing}; go on later from the resume_token");
        return shop.Recommending.Prepare(each, scenario, situation, now, skip: 0, query.Each.Count ?? scenario.DefaultCount, cancellation);
    }

    private Answer Silent(SilenceCause cause, string reason, Scenario scenario, Moment now) => new(
        new ServedRecommendation("", time.GetUtcNow(), null, scenario.Id, Source.Silence, now.Live.Model?.Card.Id ?? "", []), "", "", now.Shelves)
    {
        Pressure = PressureDecision.Silent(cause, reason),
    };

    /// <summary>Ranges of a page that are told together.</summary>
    private static IEnumerable<(int From, int To)> Parts(Answer[] answers, BatchQuery query)
    {
        int from = 0, people = 0, items = 0;
        for (int i = 0; i < answers.Length; i++)
        {
            if (IsLeftOut(answers[i], query)) continue;
            int more = answers[i].Served.Items.Length;
            if (people > 0 && (people == MostPeopleTogether || items + more > MostItemsTogether))
            {
                yield return (from, i);
                (from, people, items) = (i, 0, 0);
            }
            (people, items) = (people + 1, items + more);
        }
        yield return (from, answers.Length);
    }

    private static BatchAnswer[] Told(string[] ids, Answer[] answers, int from, int to, BatchQuery query) =>
        [.. Enumerable.Range(from, to - from).Where(i => !IsLeftOut(answers[i], query)).Select(i => new BatchAnswer(ids[i], answers[i]))];

    private static bool IsLeftOut(Answer answer, BatchQuery query) => query.LeaveOutSilent && !answer.Pressure.Allowed;

    // First: whoever holds an id can ask what it was, and a mail twice recorded harms less than one that nobody knows of.
    private async Task RememberAsync(BatchAnswer[] told, CancellationToken cancellation)
    {
        ServedRecommendation[] served = [.. told.Select(one => one.Answer.Served).Where(one => one.RecommendationId.Length > 0)];
        if (served.Length == 0) return;
        await shop.Served.RememberAsync(served, cancellation);
        foreach (var one in served) shop.Exposures.Add(one);
    }

    private string DegradedBy(Moment now) => shop.Degraded is { Length: > 0 } degraded ? degraded : now.Live.Model is null ? "no model is live yet; train one" : "";
}
