using Recommender.Protocol.V1;
using Verdict = Recommender.Protocol.V1.WhyNotResponse.Types.Verdict;

namespace Recommender.Server.Serving;

/// <summary>Why an item is not in somebody's list, or at which rank it is. Asked by people, so it may look at the whole list.</summary>
internal sealed class WhyNot(Shop shop)
{
    public async Task<WhyNotResponse> AnswerAsync(RecommendQuery query, string itemId, CancellationToken cancellation)
    {
        var answer = await shop.Recommending.AnswerAsync(query, cancellation);
        int rank = 0;
        foreach (var item in answer.Served.Items)
        {
            rank++;
            if (item.ItemId != itemId) continue;
            var ranked = new WhyNotResponse { Verdict = Verdict.Ranked, Rank = rank, Score = item.Score, Text = $"it is at rank {rank}" };
            var texts = new ReasonTexts(answer.Shelves, shop.Questionnaires.Meanings);
            ranked.Reasons.AddRange(item.Reasons.Select(reason => RecommendationMapping.ToWire(reason, texts)));
            return ranked;
        }

        var now = shop.Live.Now;
        if (now.Shelves.Find(itemId) is not { } known) throw shop.UnknownItem(itemId);
        now.Shelves.TryGetNumber(itemId, out int number);
        if (!known.Available) return Of(Verdict.NotAvailable, "it is not available; set available to show it");
        if (shop.Scenarios.Find(query.ScenarioId) is { } scenario && !now.OfScenario(scenario, scenario.Filter, cancellation)[number])
            return Of(Verdict.Filtered, $"the filter of the scenario keeps it out: {scenario.Filter}");
        var situation = await shop.Recommending.SituationOfAsync(query, cancellation);
        if (situation.Filters.FirstOrDefault(filter => !now.Shelves.Where(filter, cancellation)[number]) is { } personal)
            return Of(Verdict.Filtered, $"the scenario's rules for this person's stage or indicators keep it out: {personal}");
        if (situation.Resting.Contains(itemId)) return Of(Verdict.Resting, "it was shown and ignored, and rests for some days");
        if (!now.Shelves.Where(query.Filter, cancellation)[number]) return Of(Verdict.Filtered, $"the filter of the request keeps it out: {query.Filter}");
        if (!now.Ranked(number))
            return Of(Verdict.NotLearned,
                "the live model has not learned anything about it nor about its attributes; the next training will if it has events by then");
        return Of(Verdict.Seen, "the person has bought, rated, hidden or looked at it, or it ranks below the first 10,000");
    }

    private static WhyNotResponse Of(Verdict verdict, string text) => new() { Verdict = verdict, Text = text };
}
