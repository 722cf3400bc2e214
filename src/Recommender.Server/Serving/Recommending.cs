using System.Collections.Immutable;
using Grpc.Core;
using Recommender.Interactions;
using Recommender.Ranking;
using Recommender.Scoring;
using Recommender.Server.Errors;

namespace Recommender.Server.Serving;

/// <summary>What should this person see here and now. One reference to the live model is read and used throughout.</summary>
public sealed class Recommending(Shop shop, TimeProvider time)
{
    private readonly Situations _situations = new(shop, time);

    /// <exception cref="RefusedException">An unknown scenario, a filter that does not compile, a page token of another request.</exception>
    internal async ValueTask<Answer> AnswerAsync(RecommendQuery query, CancellationToken cancellation)
    {
        var scenario = shop.Scenarios.Find(query.ScenarioId)
            ?? throw RefusedException.NotFound("scenario", query.ScenarioId, shop.Scenarios.All.Select(known => known.Id));
        var live = shop.Live.Current;
        var situation = await _situations.OfAsync(query, scenario, live, cancellation);
        return Remembered(Answer(query, scenario, situation, new Moment(live, live.View.Shelves), cancellation));
    }

    /// <summary>What decides beside taste, for who wants to know why.</summary>
    internal ValueTask<Situation> SituationOfAsync(RecommendQuery query, CancellationToken cancellation) =>
        shop.Scenarios.Find(query.ScenarioId) is { } scenario
        ? _situations.OfAsync(query, scenario, shop.Live.Current, cancellation)
        : ValueTask.FromResult(Situation.Plain);

    internal ValueTask<Situation> SituationOfAsync(RecommendQuery query, Scenario scenario, InService live,
        CancellationToken cancellation) =>
        _situations.OfAsync(query, scenario, live, cancellation);

    /// <summary>What somebody would be answered who had done all this.</summary>
    internal ValueTask<Answer> AnswerForAsync(RecommendQuery query, IReadOnlyList<ShopEvent> events, CancellationToken cancellation)
    {
        var live = shop.Live.Current;
        var scenario = shop.Scenarios.Find(query.ScenarioId)!;
        return ValueTask.FromResult(Remembered(
            Answer(query, scenario, new Situation { History = shop.HistoryOf(events, live) }, new Moment(live, live.View.Shelves),
                cancellation)));
    }

    internal Answer SimilarTo(RecommendQuery query, CancellationToken cancellation)
    {
        var now = shop.Live.Now;
        foreach (string itemId in query.ContextItemIds)
        {
            if (now.Shelves.Find(itemId) is null) throw shop.UnknownItem(itemId);
        }
        return Remembered(Answer(query, new Scenario("") { Strategy = Strategy.Similar }, Situation.Plain, now, cancellation));
    }

    private Answer Remembered(Answer answer)
    {
        if (answer.Served.RecommendationId.Length == 0) return answer;
        shop.Served.Remember(answer.Served);
        shop.Exposures.Add(answer.Served);
        return answer;
    }

    private Answer Answer(RecommendQuery query, Scenario scenario, Situation situation, Moment now, CancellationToken cancellation)
    {
        uint fingerprint = Fingerprint(query);
        if (!PageToken.TryReadOffset(query.PageToken, fingerprint, RecommendQuery.MostItems, out int skip))
            throw new RefusedException(StatusCode.InvalidArgument, "page_token belongs to another request",
                [new("page_token", "belongs to another request; leave it out to begin")]);
        int count = Math.Min(query.Count ?? scenario.DefaultCount, Math.Max(RecommendQuery.MostItems - skip, 0));

        var answer = Answer(Prepare(query, scenario, situation, now, skip, count, cancellation), out bool more);
        return more && skip + count < RecommendQuery.MostItems
            ? answer with { NextPageToken = PageToken.Offset(skip + count, fingerprint) }
            : answer;
    }

    /// <summary>Works out all that somebody's answer follows from.</summary>
    internal PreparedRequest Prepare(RecommendQuery query, Scenario scenario, Situation situation, Moment now, int skip, int count,
        CancellationToken cancellation)
    {
        // A preview shows what would be shown, and says beside it that it would not be.
        if (!situation.Pressure.Allowed && !query.Preview)
            return new PreparedRequest(query, scenario, situation, now, null, now.Shelves.Eligible, AppliedBoosts.None, skip, count);
        var evidence = Evidence.Of(situation.History, query, now, shop.Questionnaires.Meanings, scenario.OfferBoughtAgain);
        if (scenario.OfferBoughtAgain) evidence.ExpectAgain(situation.History, now, time.GetUtcNow());
        foreach (string itemId in situation.Resting) evidence.Exclude(itemId, now);
        return new PreparedRequest(query, scenario, situation, now, evidence,
            now.Eligible(scenario, query.Filter, situation.Filters, cancellation),
            AppliedBoosts.Of(scenario, query.Boosts, now, cancellation), skip, count);
    }

    /// <summary>What somebody is answered; an answer that has an id is yet to be remembered.</summary>
    internal Answer Answer(PreparedRequest prepared, out bool more)
    {
        var (query, situation, now) = (prepared.Query, prepared.Situation, prepared.Now);
        bool silent = prepared.Evidence is null;
        var list = silent ? new Page(Source.Silence, [], false) : List(prepared);
        more = list.More;
        // What is not shown is no exposure.
        bool remember = !query.Preview && !silent;
        string id = remember ? Guid.CreateVersion7(time.GetUtcNow()).ToString("N") : "";
        var person = query.Person is { } named && !shop.Erased.Contains(named) ? query.Person : null;
        var served = new ServedRecommendation(id, time.GetUtcNow(), person, prepared.Scenario.Id, list.ServedBy,
            now.Live.Model?.Card.Id ?? "", list.Items);
        return new Answer(served, DegradedBy(situation, now), "", now.Shelves)
        {
            Pressure = situation.Pressure,
            Stage = situation.Stage,
            HandOver = situation.HandOver,
        };
    }

    private string DegradedBy(Situation situation, Moment now)
    {
        string degraded = shop.Degraded;
        if (situation.Missing.Length > 0) return degraded.Length > 0 ? $"{degraded}; {situation.Missing}" : situation.Missing;
        return degraded.Length > 0 ? degraded : now.Live.Model is null ? "no model is live yet; train one" : "";
    }

    private static Page List(PreparedRequest prepared)
    {
        var (now, query) = (prepared.Now, prepared.Query);
        if (now.Live.Scorers is not { } scorers)
            return FromCatalogue(now, prepared.Evidence!, prepared.Eligible, prepared.Skip, prepared.Count);
        var scorer = scorers.Get();
        scorer.Newcomers = now.Newcomers!;
        scorer.Boosts = prepared.Boosts.Scores;
        var list = new RankedList(now, scorer, prepared.Evidence!, prepared.Eligible, prepared.Boosts, prepared.Situation,
            query.WithReasons)
        { Ranked = prepared.Ranked };
        var items = list.Fill(prepared.Scenario.Strategy, now.RankedNumbers(query.ContextItemIds), prepared.Skip, prepared.Count,
            out bool more);
        // Only here: what an exception left behind is not used again.
        scorers.Return(scorer);
        return new Page(list.ServedBy, items, more);
    }

    /// <summary>Before the first training a box is better filled by what there is than empty.</summary>
    private static Page FromCatalogue(Moment now, Evidence evidence, ItemMask eligible, int skip, int count)
    {
        var excluded = new HashSet<int>(evidence.Excluded.ToArray());
        var found = Enumerable.Range(0, eligible.Length).Where(item => eligible[item] && !excluded.Contains(item))
            .Skip(skip).Take(count + 1).ToArray();
        return new Page(Source.Catalogue, [.. found.Take(count).Select(item => new ServedItem(now.IdOf(item), 0, Source.Catalogue, []))],
            found.Length > count);
    }

    private readonly record struct Page(string ServedBy, ImmutableArray<ServedItem> Items, bool More);

    /// <summary>Tells requests apart for which a page token would make no sense.</summary>
    private static uint Fingerprint(RecommendQuery query)
    {
        var print = new TextFingerprint();
        if (query.Person is { } person) print.Add(person.Kind == PersonKind.Customer ? "customer" : "visitor", person.Id);
        print.Add("in", query.ScenarioId, query.Filter, query.Channel);
        foreach (string item in query.ContextItemIds) print.Add("context", item);
        foreach (string item in query.SessionItemIds) print.Add("session", item);
        foreach (var boost in query.Boosts) print.Add("boost", boost.ToString());
        return print.Value;
    }
}
