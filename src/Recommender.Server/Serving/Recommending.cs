using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
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
    /// <exception cref="RefusedException">An unknown scenario, a filter that does not compile, a page token of another request.</exception>
    internal async ValueTask<Answer> AnswerAsync(RecommendQuery query, CancellationToken cancellation)
    {
        var scenario = shop.Scenarios.Find(query.ScenarioId)
            ?? throw RefusedException.NotFound("scenario", query.ScenarioId, shop.Scenarios.All.Select(known => known.Id));
        var live = shop.Live.Current;
        var history = query.Person is { } person ? await shop.HistoryOfAsync(person, live, cancellation) : History.Empty;
        return Answer(query, scenario, history, new Moment(live, live.View.Shelves), cancellation);
    }

    /// <summary>What somebody would be answered who had done all this.</summary>
    internal ValueTask<Answer> AnswerForAsync(RecommendQuery query, IReadOnlyList<ShopEvent> events, CancellationToken cancellation)
    {
        var live = shop.Live.Current;
        var scenario = shop.Scenarios.Find(query.ScenarioId)!;
        return ValueTask.FromResult(Answer(query, scenario, shop.HistoryOf(events, live), new Moment(live, live.View.Shelves), cancellation));
    }

    internal Answer SimilarTo(RecommendQuery query, CancellationToken cancellation)
    {
        var now = shop.Live.Now;
        foreach (string itemId in query.ContextItemIds)
        {
            if (now.Shelves.Find(itemId) is null) throw shop.UnknownItem(itemId);
        }
        return Answer(query, new Scenario("") { Strategy = Strategy.Similar }, History.Empty, now, cancellation);
    }

    private Answer Answer(RecommendQuery query, Scenario scenario, History history, Moment now, CancellationToken cancellation)
    {
        uint fingerprint = Fingerprint(query);
        if (!PageToken.TryReadOffset(query.PageToken, fingerprint, RecommendQuery.MostItems, out int skip))
            throw new RefusedException(StatusCode.InvalidArgument, "page_token belongs to another request", [new("page_token", "belongs to another request; leave it out to begin")]);
        int count = Math.Min(query.Count ?? scenario.DefaultCount, Math.Max(RecommendQuery.MostItems - skip, 0));

        var evidence = Evidence.Of(history, query, now, shop.Questionnaires.Meanings, scenario.OfferBoughtAgain);
        var eligible = now.Eligible(scenario, query.Filter, cancellation);
        var list = now.Live.Scorers is { } scorers
            ? Rank(now, scorers, evidence, eligible, scenario.Strategy, query, skip, count)
            : FromCatalogue(now, evidence, eligible, skip, count);

        string id = query.Preview ? "" : Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var served = new ServedRecommendation(id, time.GetUtcNow(), query.Person, scenario.Id, list.ServedBy, now.Live.Model?.Card.Id ?? "", list.Items);
        if (!query.Preview) shop.Served.Remember(served);
        return new Answer(served, shop.Models.Degraded.Length > 0 ? shop.Models.Degraded : now.Live.Model is null ? "no model is live yet; train one" : "",
            list.More && skip + count < RecommendQuery.MostItems ? PageToken.Offset(skip + count, fingerprint) : "", now.Shelves);
    }

    private static Page Rank(Moment now, ObjectPool<Scorer> scorers, Evidence evidence, ItemMask eligible, Strategy strategy, RecommendQuery query, int skip, int count)
    {
        var scorer = scorers.Get();
        try
        {
            var list = new RankedList(now, scorer, evidence, eligible);
            var items = list.Fill(strategy, now.LearnedNumbers(query.ContextItemIds), skip, count, out bool more);
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
    private static uint Fingerprint(RecommendQuery query) =>
        BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Join('\n', [query.Person?.ToString() ?? "", query.ScenarioId, query.Filter, .. query.ContextItemIds, "", .. query.SessionItemIds]))));
}
