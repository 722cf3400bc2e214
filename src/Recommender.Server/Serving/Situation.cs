using System.Collections.Immutable;
using Recommender.Interactions;
using Recommender.LifeCycle;
using Recommender.Pressure;
using Recommender.Ranking;
using Recommender.Server.Relationships;
using Recommender.Storage;

namespace Recommender.Server.Serving;

/// <summary>Everything but taste that decides what somebody is shown here and now: pressure, what rests, stage, guardrails, what brings back.</summary>
internal sealed record Situation
{
    /// <summary>Nobody is named, or nothing but taste counts.</summary>
    public static Situation Plain { get; } = new();

    public History History { get; init; } = History.Empty;

    public PressureDecision Pressure { get; init; } = PressureDecision.GoAhead;

    /// <summary>Null where the scenario does not ask for it.</summary>
    public LifeCycleStage? Stage { get; init; }

    /// <summary>How much an item's uncertainty counts beside its score, 0 to 1.</summary>
    public double Explore { get; init; }

    /// <summary>Further filters that hold for this person.</summary>
    public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>Items shown and ignored, which make room for now.</summary>
    public ImmutableArray<string> Resting { get; init; } = [];

    /// <summary>What comes first in the list.</summary>
    public ImmutableArray<HeadItem> Head { get; init; } = [];

    /// <summary>Items that came into the catalogue since then may come first; null where that brings nobody back.</summary>
    public DateTimeOffset? NewSince { get; init; }

    /// <summary>What of the person should have counted and could not be read; empty where all did.</summary>
    public string Missing { get; init; } = "";

    /// <summary>Why a person should take over; empty where none should.</summary>
    public string HandOver { get; init; } = "";
}

/// <summary>An item that comes first, and why.</summary>
/// <param name="Source">"cart" or "replenish".</param>
/// <param name="Why">For people, such as "you buy it every 30 days".</param>
internal sealed record HeadItem(string ItemId, string Source, string Why);

/// <summary>Works out a person's situation. What a scenario does not ask for costs nothing.</summary>
internal sealed class Situations(Shop shop, TimeProvider time)
{
    public async ValueTask<Situation> OfAsync(RecommendQuery query, Scenario scenario, InService live, CancellationToken cancellation)
    {
        // A page must not break over somebody who asked to be forgotten: they are nobody.
        if (query.Person is not { } person || shop.Erased.Contains(person)) return Situation.Plain;
        string channel = query.Channel.Length > 0 ? query.Channel : scenario.Channel;
        try { return await OfAsync(query, person, channel, scenario, live, cancellation); }
        // A box on the site is better filled for anybody than empty. Whoever might have said no to it is not addressed on a guess.
        catch (StoreException problem) when (problem is StoreUnavailableException or StoreTimeoutException && !shop.Contacts.MayBeRefused(channel, ContactPolicy.Marketing))
        {
            return Situation.Plain with { Missing = $"what is known of {person} could not be read" };
        }
    }

    private async ValueTask<Situation> OfAsync(RecommendQuery query, Person person, string channel, Scenario scenario, InService live, CancellationToken cancellation)
    {
        var circle = await shop.Identities.OfAsync(person, cancellation);
        var counted = await shop.Circles.CountedAsync(circle, cancellation);
        var situation = new Situation
        {
            History = shop.HistoryOf(counted, live),
            Pressure = await shop.Contacts.CheckAsync(person, channel, ContactPolicy.Marketing, cancellation),
        };
        if (scenario.Rotation.AfterShown > 0 && (!query.Preview || query.AsShown))
            situation = situation with { Resting = Resting(await shop.Exposures.OfAsync(circle, cancellation), counted.Events, scenario.Rotation) };
        if (scenario.KnowsRelationship && await shop.Relationships.OfAsync(circle, cancellation) is { } relationship)
            situation = WithRelationship(situation, scenario, relationship);
        return situation;
    }

    private ImmutableArray<string> Resting(IReadOnlyList<Contacts.ShownBox> boxes, IReadOnlyList<ShopEvent> events, RotationOptions rotation)
    {
        var touched = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var happened in events)
        {
            if (happened.ItemId is { } item && happened.OccurredAt > touched.GetValueOrDefault(item)) touched[item] = happened.OccurredAt;
        }
        var shown = new Dictionary<string, List<DateTimeOffset>>(StringComparer.Ordinal);
        foreach (var box in boxes)
        {
            foreach (string item in box.ItemIds)
            {
                // Touching an item ends its being ignored.
                if (box.At <= touched.GetValueOrDefault(item)) continue;
                if (!shown.TryGetValue(item, out var moments)) shown[item] = moments = [];
                moments.Add(box.At);
            }
        }
        var now = time.GetUtcNow();
        return [.. shown.Where(one => rotation.Rests(one.Value, now)).Select(one => one.Key)];
    }

    private static Situation WithRelationship(Situation situation, Scenario scenario, RelationshipView relationship)
    {
        var filters = situation.Filters;
        var pressure = situation.Pressure;
        string handOver = "";
        foreach (var guardrail in scenario.Guardrails)
        {
            var indicator = guardrail.Indicator == RelationshipIndicator.Satisfaction ? relationship.Satisfaction : relationship.Intensity;
            if (indicator?.Score is not { } score || score >= guardrail.Below) continue;
            string why = FormattableString.Invariant($"{guardrail.Indicator.ToString().ToLowerInvariant()} is {score:0} of 100, below {guardrail.Below:0.#}");
            if (guardrail.Filter.Length > 0) filters = filters.Add(guardrail.Filter);
            if (guardrail.StaySilent && pressure.Allowed) pressure = PressureDecision.Silent(SilenceCause.Guardrail, why);
            if (guardrail.HandOver) handOver = why;
        }
        if (handOver.Length > 0 && relationship.IsKeyAccount) handOver = $"a key account whose {handOver}";
        situation = situation with { Stage = relationship.Stage, Filters = filters, Pressure = pressure, HandOver = handOver };
        if (!scenario.Stages.TryGetValue(relationship.Stage, out var behaviour)) return situation;
        return situation with
        {
            Explore = behaviour.Explore,
            Filters = behaviour.Filter.Length > 0 ? filters.Add(behaviour.Filter) : filters,
            Head = [.. behaviour.BringBack.SelectMany(what => HeadOf(what, relationship)).DistinctBy(item => item.ItemId)],
            NewSince = behaviour.BringBack.Contains(BringBack.NewSinceLastVisit) ? relationship.LastVisit : null,
        };
    }

    private static IEnumerable<HeadItem> HeadOf(BringBack what, RelationshipView relationship) => what switch
    {
        BringBack.LeftInCart => relationship.LeftInCart.Select(item => new HeadItem(item, Source.Cart, "you left it in your cart")),
        BringBack.Replenish => relationship.Occasions.Where(due => due.ItemId is not null).Select(due => new HeadItem(due.ItemId!, Source.Replenish, $"time to refill: {due.Reason}")),
        _ => [],
    };
}
