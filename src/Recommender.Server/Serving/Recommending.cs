using System.Collections.Immutable;
using Grpc.Core;
using Microsoft.Extensions.ObjectPool;
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

    internal ValueTask<Situation> SituationOfAsync(RecommendQuery query, Scenario scenario, InService live, CancellationToken cancellation) =>
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

    /// <summary>What somebody is answered in this situation; an answer that has an id is yet to be remembered.</summary>
    internal Answer Answer(RecommendQuery query, Scenario scenario, Situation situation, Moment now, CancellationToken cancellation)
    {
        uint fingerprint = query.OnePage ? 0 : Fingerprint(query);
        if (!PageToken.TryReadOffset(query.PageToken, fingerprint, RecommendQuery.MostItems, out int skip))
            throw new RefusedException(StatusCode.InvalidArgument, "page_token belongs to another request",
                [new("page_token", "belongs to another request; leave it out to begin")]);
        int count = Math.Min(query.Count ?? scenario.DefaultCount, Math.Max(RecommendQuery.MostItems - skip, 0));

        // A preview shows what would be shown, and says beside it that it would not be.
        bool silent = !situation.Pressure.Allowed && !query.Preview;
        var list = silent ? new Page(Source.Silence, [], false) : List(query, scenario, situation, now, skip, count, cancellation);
        // What is not shown is no exposure.
        bool remember = !query.Preview && !silent;
        string id = remember ? Guid.CreateVersion7(time.GetUtcNow()).ToString("N") : "";
        var person = query.Person is { } named && !shop.Erased.Contains(named) ? query.Person : null;
        var served = new ServedRecommendation(id, time.GetUtcNow(), person, scenario.Id, list.ServedBy, now.Live.Model?.Card.Id ?? "", list.Items);
        return new Answer(served, DegradedBy(situation, now),
            list.More && !query.OnePage && skip + count < RecommendQuery.MostItems ? PageToken.Offset(skip + count, fingerprint) : "", now.Shelves)
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

    private Page List(RecommendQuery query, Scenario scenario, Situation situation, Moment now, int skip, int count, CancellationToken cancellation)
    {
        var evidence = Evidence.Of(situation.History, query, now, shop.Questionnaires.Meanings, scenario.OfferBoughtAgain);
        if (scenario.OfferBoughtAgain) evidence.ExpectAgain(situation.History, now, time.GetUtcNow());
        foreach (string itemId in situation.Resting) evidence.Exclude(itemId, now);
        var eligible = now.Eligible(scenario, query.Filter, situation.Filters, cancellation);
        return now.Live.Scorers is { } scorers
            ? Rank(now, scorers, evidence, eligible, AppliedBoosts.Of(scenario, query.Boosts, now, cancellation), situation, scenario.Strategy, query, skip, count)
            : FromCatalogue(now, evidence, eligible, skip, count);
    }

    private static Page Rank(Moment now, ObjectPool<Scorer> scorers, Evidence evidence, ItemMask eligible, AppliedBoosts boosts, Situation situation,
        Strategy strategy, RecommendQuery query, int skip, int count)
    {
        var scorer = scorers.Get();
        try
        {
            scorer.Newcomers = now.Newcomers!;
            scorer.Boosts = boosts.Scores;
            var list = new RankedList(now, scorer, evidence, eligible, boosts, situation, query.WithReasons);
            var items = list.Fill(strategy, now.RankedNumbers(query.ContextItemIds), skip, count, out bool more);
            return new Page(list.ServedBy, items, more);
        }
        finally { scorers.Return(scorer); }
    }

    /// <summary>Before the first training a box is better filled by what there is than empty.</summary>
    private static Page FromCatalogue(Moment now, Evidence evidence, ItemMask eligible, int skip, int count)
    {
        var excluded = new HashSet<int>(evidence.Excluded.ToArray());
        var found = Enumerable.Range(0, eligible.Length).Where(item => eligible[item] && !excluded.Contains(item)).Skip(skip).Take(count + 1).ToArray();
        return new Page(Source.Catalogue, [.. found.Take(count).Select(item => new ServedItem(now.IdOf(item), 0, Source.Catalogue, []))], found.Length > count);
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
