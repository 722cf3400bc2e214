using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Recommender.LifeCycle;
using Recommender.Relationship;
using Recommender.Storage;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Relationships;

/// <summary>Relationships between the protocol and the domain.</summary>
internal static class RelationshipMapping
{
    private static readonly (OccasionKind Kind, string Name)[] _kinds =
    [
        (OccasionKind.Birthday, "birthday"), (OccasionKind.Anniversary, "anniversary"),
        (OccasionKind.CustomerDate, "customer_date"), (OccasionKind.Replenishment, "replenishment"),
    ];

    public static IEnumerable<string> OccasionKinds => _kinds.Select(kind => kind.Name);

    public static OccasionKind? KindOf(string name) => _kinds.Where(kind => kind.Name == name).Select(kind => (OccasionKind?)kind.Kind).FirstOrDefault();

    public static Wire.Indicator? ToWire(Indicator? indicator) => indicator is not { Score: { } score } ? null : new Wire.Indicator
    {
        Value = score,
        Parts = { indicator.Parts.Select(part => new Wire.IndicatorPart { Name = part.Name, Value = part.Value, Weight = part.Weight, Text = part.Sentence }) },
    };

    public static Wire.StageChange ToWire(StageTransition change, RelationshipRules rules) => new()
    {
        From = StageNames.Of(change.From),
        To = StageNames.Of(change.To),
        At = Timestamp.FromDateTimeOffset(rules.StartOf(change.On)),
        Reason = change.Reason,
    };

    /// <summary>For the portrait: the figures are left out while only the prior speaks.</summary>
    public static Wire.LifeCyclePosition ToPosition(Standing standing, RelationshipRules rules)
    {
        var position = new Wire.LifeCyclePosition
        {
            Stage = StageNames.Of(standing.State.Stage),
            Since = standing.State.Known ? Timestamp.FromDateTimeOffset(rules.StartOf(standing.State.Since)) : null,
            Reason = standing.Reason,
            Changes = { standing.Transitions.Select(change => ToWire(change, rules)) },
        };
        var rhythm = standing.State.Rhythm;
        if (rules.Model.IsPrior || rhythm.Purchases == 0) return position;
        position.ProbabilityAlive = rules.Model.Rhythm.AliveProbability(rhythm, standing.Today);
        position.ExpectedPurchases90Days = rules.Model.Rhythm.ExpectedPurchases(rhythm, standing.Today, CustomerSummary.DaysAhead);
        if (rules.Model.ExpectedSpend(rhythm, standing.Today, CustomerSummary.DaysAhead) is { } value) position.ExpectedValue90Days = value;
        return position;
    }

    public static Wire.LifeCycle ToWire(string customerId, Standing? standing, int days, RelationshipRules rules)
    {
        var stage = standing?.State.Stage ?? LifeCycleStage.Exploration;
        var wire = new Wire.LifeCycle { CustomerId = customerId, Stage = StageNames.Of(stage), Definition = StageDefinitions.Of(stage), Days = days, ModelNote = rules.Model.Note };
        if (standing is null) return wire;
        wire.Since = standing.State.Known ? Timestamp.FromDateTimeOffset(rules.StartOf(standing.State.Since)) : null;
        (wire.Reason, wire.Standing) = (standing.Reason, standing.Sentence);
        wire.Changes.AddRange(standing.Transitions.Select(change => ToWire(change, rules)));
        if (standing.ChangesOn is { } change) wire.NextChange = Timestamp.FromDateTimeOffset(rules.StartOf(change));
        if (standing.AliveProbability is not { } alive) return wire;
        wire.ProbabilityAlive = alive;
        wire.ExpectedPurchases = rules.Model.Rhythm.ExpectedPurchases(standing.State.Rhythm, standing.Today, days);
        if (rules.Model.ExpectedSpend(standing.State.Rhythm, standing.Today, days) is { } value) wire.ExpectedValue = value;
        return wire;
    }

    public static Wire.StageCustomer ToWire(CustomerState state)
    {
        var summary = CustomerSummary.Parse(state.Summary);
        var wire = new Wire.StageCustomer
        {
            CustomerId = state.CustomerId,
            Since = Timestamp.FromDateTimeOffset(state.Since),
            Reason = state.Reason,
            AsOf = Day(summary.AsOf),
            Purchases = summary.Purchases,
            LastPurchase = summary.LastPurchase is { } last ? Day(last) : "",
        };
        if (summary.AliveProbability is { } alive) wire.ProbabilityAlive = alive;
        if (summary.ExpectedPurchases is { } purchases) wire.ExpectedPurchases90Days = purchases;
        if (summary.ExpectedValue is { } value) wire.ExpectedValue90Days = value;
        if (summary.Satisfaction is { } satisfaction) wire.Satisfaction = satisfaction;
        if (summary.Intensity is { } intensity) wire.Intensity = intensity;
        return wire;
    }

    public static Wire.LifeCycleModel ToWire(FittedModel fitted)
    {
        var rhythm = fitted.Model.Rhythm;
        var wire = new Wire.LifeCycleModel
        {
            FittedAt = fitted.At is { } at ? Timestamp.FromDateTimeOffset(at) : null,
            Note = fitted.Model.Note,
            IsPrior = fitted.Model.IsPrior,
            R = rhythm.R,
            Alpha = rhythm.Alpha,
            A = rhythm.A,
            B = rhythm.B,
            Unit = rhythm.Unit == TimeUnit.Day ? "day" : "week",
            Consumables = fitted.Intervals.Items.Count,
        };
        if (fitted.Model.Value is { } value) (wire.P, wire.Q, wire.Gamma) = (value.P, value.Q, value.Gamma);
        return wire;
    }

    public static Wire.Occasion ToWire(Occasion occasion) => new()
    {
        Kind = _kinds.First(kind => kind.Kind == occasion.Kind).Name,
        On = Day(occasion.On),
        Name = occasion.Name,
        ItemId = occasion.ItemId ?? "",
        Reason = occasion.Reason,
    };

    public static Wire.CustomerBriefing ToWire(Briefing briefing, HandOverDecision decision, RelationshipView view) => new()
    {
        CustomerId = briefing.CustomerId,
        KeyAccount = view.IsKeyAccount,
        HandOver = decision.ToPerson,
        Reasons = { briefing.Reasons },
        Stage = StageNames.Of(briefing.Stage),
        Standing = briefing.Standing,
        Tastes = { briefing.Tastes.Select(taste => taste.Name) },
        Issues = { briefing.LastIssues.Select(issue => new Wire.CustomerIssue { On = Day(issue.On), Kind = issue.Kind, ItemId = issue.ItemId ?? "", Text = issue.Text }) },
        Offers = { briefing.Offers.Select(offer => new Wire.BriefingOffer { ItemId = offer.ItemId, Title = offer.Title, Why = offer.Why }) },
        Satisfaction = ToWire(view.Satisfaction),
        Intensity = ToWire(view.Intensity),
        Occasions = { view.Occasions.Select(ToWire) },
    };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
