using System.Runtime.CompilerServices;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Ranking;
using Recommender.Server.Errors;
using Recommender.Server.Profiles;
using Recommender.Server.Training;
using Recommender.Storage;
using Wire = Recommender.Protocol.V1;

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

    // A quarter of what clients take at once unless they are told otherwise.
    private const int MostBytesTogether = 1 << 20;

    // Where the store is across a network most of the time is waiting for it.
    private const int ReadingAheadPerThread = 16;

    // A caller who reads slowly gets the end of a page long after it was decided: a no said meanwhile holds.
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(3);

    private readonly CustomerSelection _selection = new(shop);

    /// <param name="properties">What is told of items; null: nothing.</param>
    /// <param name="threads">Where people are worked on; as many at once.</param>
    /// <exception cref="RefusedException">An unknown scenario, a filter that does not compile, a token of another query; or the store is out of reach.</exception>
    public async IAsyncEnumerable<BatchPart> AnswerAsync(
        BatchQuery query, FieldMask? properties, BackgroundThreads threads, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!BatchMark.TryRead(query.ResumeToken, query.Fingerprint, out var mark))
            throw new RefusedException(StatusCode.InvalidArgument, "resume_token belongs to another request",
                [new("resume_token", "belongs to another request; ask for the same again, or leave it out to begin")]);
        Check(query.Each, ScenarioOf(query), cancellation);
        var selected = await _selection.OfAsync(query.Whom, cancellation);
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
            await foreach (string[] ids in selected.IdsAsync(mark.After, cancellation).Chunk(PageOfPeople).WithCancellation(cancellation))
            {
                var page = new BatchPage(query, ScenarioOf(query), shop.Live.Now, ids, selected);
                var decided = time.GetUtcNow();
                await AnswerAsync(page, ranking, options);
                for (int from = 0; from < ids.Length;)
                {
                    if (time.GetUtcNow() - decided > _fresh)
                    {
                        decided = time.GetUtcNow();
                        await AskAgainAsync(page, from, options);
                    }
                    int first = from;
                    var (told, to) = await threads.RunAsync(() => Told(page, first, properties), cancellation);
                    await RememberAsync(page, from, to, cancellation);
                    // Whoever asked meanwhile to be forgotten.
                    told = [.. told.Select(one => Silence(page, one.At) ? one with { Wire = ToWire(page, one.At, properties) } : one).Where(one => !page.IsLeftOut(one.At))];
                    for (int i = from; i < to; i++) mark = mark.Past(ids[i], page.Answers[i].Pressure.Cause);
                    (any, from) = (true, to);
                    yield return new BatchPart([.. told.Select(one => one.Wire)], page.Now, DegradedBy(page.Now), mark, Interlocked.Read(ref of));
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

    private Scenario ScenarioOf(BatchQuery query) => shop.Scenarios.Find(query.Each.ScenarioId)
        ?? throw RefusedException.NotFound("scenario", query.Each.ScenarioId, shop.Scenarios.All.Select(known => known.Id));

    /// <summary>What would be wrong for everybody is said before anybody is answered.</summary>
    private void Check(RecommendQuery each, Scenario scenario, CancellationToken cancellation)
    {
        var now = shop.Live.Now;
        now.Eligible(scenario, each.Filter, [], cancellation);
        AppliedBoosts.Of(scenario, each.Boosts, now, cancellation);
    }

    private async Task AnswerAsync(BatchPage page, BatchRanking ranking, ParallelOptions options)
    {
        var passing = new PassingPeople(shop, page.Ids.Select(Person.Customer));
        try
        {
            await ReadAsync(passing, options);
            var prepared = new PreparedRequest?[page.Ids.Length];
            await Parallel.ForEachAsync(Enumerable.Range(0, page.Ids.Length), options, async (i, stop) =>
            {
                if (Silence(page, i) || await IsAnotherAsync(page, i, stop)) return;
                prepared[i] = await PrepareAsync(page, i, stop);
            });
            await ranking.RankAsync(prepared, page.Now, options);
            await Parallel.ForAsync(0, page.Ids.Length, options, (i, _) =>
            {
                if (prepared[i] is { } known) page.Answers[i] = shop.Recommending.Answer(known, out bool _);
                return ValueTask.CompletedTask;
            });
        }
        finally { passing.Leave(); }
    }

    private static async Task ReadAsync(PassingPeople passing, ParallelOptions options)
    {
        try { await passing.ReadAsync(options); }
        catch (StoreException problem) when (problem is StoreUnavailableException or StoreTimeoutException)
        {
            throw new RefusedException(StatusCode.Unavailable, $"{problem.Message}; go on later from the resume_token");
        }
    }

    /// <summary>Not to be addressed in a batch, whatever they would be answered themselves: a mail to somebody who is gone must not be written.</summary>
    private bool Silence(BatchPage page, int i)
    {
        var person = page.PersonAt(i);
        if (!shop.Erased.Contains(person)) return false;
        page.Answers[i] = Silent(page, PressureDecision.Silent(SilenceCause.Erased, $"{person} asked to be forgotten"));
        return true;
    }

    /// <summary>
    /// Of several accounts of one person that are selected one is answered: the one they all belong to, or else the first. Whom somebody lists, they mean.
    /// </summary>
    private async ValueTask<bool> IsAnotherAsync(BatchPage page, int i, CancellationToken cancellation)
    {
        if (page.Query.Whom.Listed.Count > 0) return false;
        var person = page.PersonAt(i);
        var circle = await shop.Identities.OfAsync(person, cancellation);
        if (circle.Root == person) return false;
        var now = time.GetUtcNow();
        var accounts = circle.People.Where(one => one.Kind == PersonKind.Customer && circle.Map.OwnerOf(one, now) == circle.Root)
            .OrderBy(one => one != circle.Root).ThenBy(one => one.Id, IdOrder.Instance);
        foreach (var account in accounts)
        {
            if (account == person) return false;
            if (shop.Erased.Contains(account) || !await page.Selected.HasAsync(account.Id, cancellation)) continue;
            page.Answers[i] = Silent(page, PressureDecision.Silent(SilenceCause.OtherAccount, $"{person} is the same person as {account}"));
            return true;
        }
        return false;
    }

    private async ValueTask<PreparedRequest?> PrepareAsync(BatchPage page, int i, CancellationToken cancellation)
    {
        var each = page.Query.Each with { Person = page.PersonAt(i) };
        try
        {
            var situation = await shop.Recommending.SituationOfAsync(each, page.Scenario, page.Now.Live, cancellation);
            if (situation.Missing.Length > 0) throw new RefusedException(StatusCode.Unavailable, $"{situation.Missing}; go on later from the resume_token");
            return shop.Recommending.Prepare(each, page.Scenario, situation, page.Now, skip: 0, each.Count ?? page.Scenario.DefaultCount, cancellation);
        }
        // Since the look a moment ago.
        catch (RefusedException) when (Silence(page, i)) { return null; }
    }

    /// <summary>Whether those who are yet to be told may still be addressed.</summary>
    private async Task AskAgainAsync(BatchPage page, int from, ParallelOptions options)
    {
        if (page.Query.Each.Preview) return;
        string channel = page.Query.Each.Channel.Length > 0 ? page.Query.Each.Channel : page.Scenario.Channel;
        if (!shop.Contacts.MayBeRefused(channel, ContactPolicy.Marketing)) return;
        int[] again = [.. Enumerable.Range(from, page.Ids.Length - from).Where(i => page.Answers[i].Pressure.Allowed)];
        var passing = new PassingPeople(shop, again.Select(page.PersonAt));
        try
        {
            await ReadAsync(passing, options);
            await Parallel.ForEachAsync(again, options, async (i, stop) =>
            {
                if (Silence(page, i)) return;
                try
                {
                    var decision = await shop.Contacts.CheckAsync(page.PersonAt(i), channel, ContactPolicy.Marketing, stop);
                    if (!decision.Allowed) page.Answers[i] = Silent(page, decision);
                }
                catch (RefusedException) when (Silence(page, i)) { }
            });
        }
        finally { passing.Leave(); }
    }

    private Answer Silent(BatchPage page, PressureDecision decision) => new(
        new ServedRecommendation("", time.GetUtcNow(), null, page.Scenario.Id, Source.Silence, page.Now.Live.Model?.Card.Id ?? "", []), "", "", page.Now.Shelves)
    {
        Pressure = decision,
    };

    /// <summary>What is told together from somebody on, and with whom the next part begins; at least one is told, however much it is.</summary>
    private (List<BatchTold> Told, int To) Told(BatchPage page, int from, FieldMask? properties)
    {
        var told = new List<BatchTold>();
        int items = 0;
        long bytes = 0;
        int to = from;
        for (; to < page.Ids.Length; to++)
        {
            Silence(page, to);
            if (page.IsLeftOut(to)) continue;
            if (told.Count == MostPeopleTogether) break;
            items += page.Answers[to].Served.Items.Length;
            if (told.Count > 0 && items > MostItemsTogether) break;
            var wire = ToWire(page, to, properties);
            bytes += wire.CalculateSize();
            if (told.Count > 0 && bytes > MostBytesTogether) break;
            told.Add(new BatchTold(to, wire));
        }
        return (told, to);
    }

    private Wire.BatchRecommendation ToWire(BatchPage page, int i, FieldMask? properties) =>
        BatchMapping.ToWire(new BatchAnswer(page.Ids[i], page.Answers[i]), properties, shop.Questionnaires.Meanings);

    // First: whoever holds an id can ask what it was, and a mail twice recorded harms less than one that nobody knows of.
    private async Task RememberAsync(BatchPage page, int from, int to, CancellationToken cancellation)
    {
        ServedRecommendation[] served = [.. page.Answers[from..to].Select(answer => answer.Served).Where(one => one.RecommendationId.Length > 0)];
        if (served.Length == 0) return;
        await shop.Served.RememberAsync(served, cancellation);
        foreach (var one in served) shop.Exposures.Add(one);
    }

    private string DegradedBy(Moment now) => shop.Degraded is { Length: > 0 } degraded ? degraded : now.Live.Model is null ? "no model is live yet; train one" : "";

    /// <param name="At">Whose it is, within the page.</param>
    private readonly record struct BatchTold(int At, Wire.BatchRecommendation Wire);
}
