using Recommender.Customers;
using Recommender.Relationship;
using Recommender.Server.Profiles;
using Recommender.Server.Serving;

namespace Recommender.Server.Relationships;

/// <summary>Puts together what a person should know who takes a customer over.</summary>
internal sealed class Briefings(Shop shop)
{
    // More than are shown: what the customer had trouble with is passed over.
    private const int OffersAskedFor = 20;

    public async Task<(Briefing Briefing, HandOverDecision Decision, RelationshipView View)?> OfAsync(Circle circle, CancellationToken cancellation)
    {
        var events = await shop.Circles.OfAsync(circle, cancellation);
        if (await shop.Relationships.WorkOutAsync(circle, events, cancellation) is not { } standing) return null;
        var view = standing.View();
        var decision = standing.HandOver(view.IsKeyAccount);
        var shelves = shop.Live.Now.Shelves;
        var tastes = TasteInWords.Of(shop.HistoryOf(events, shop.Live.Current), shelves.Find, Briefing.MostTastes)
            .Select(word => new BriefingTaste($"{word.Attribute}: {word.Value}", word.Weight));
        return (Briefing.Of(circle.Root.Id, decision, standing.State.Stage, standing.Sentence, tastes, standing.Issues(), await OffersAsync(circle, cancellation)), decision, view);
    }

    private async Task<IEnumerable<BriefingOffer>> OffersAsync(Circle circle, CancellationToken cancellation)
    {
        var answer = await shop.Recommending.AnswerAsync(new RecommendQuery { Person = circle.Root, Count = OffersAskedFor, Preview = true }, cancellation);
        return answer.Served.Items.Select(item => new BriefingOffer(item.ItemId, answer.Shelves.Find(item.ItemId)?.Title ?? item.ItemId,
            item.Reasons.IsEmpty ? "" : ReasonText.Of(item.Reasons[0], answer.Shelves, shop.Questionnaires.Meanings)));
    }
}
