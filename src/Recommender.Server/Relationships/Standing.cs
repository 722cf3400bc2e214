using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.LifeCycle;
using Recommender.Relationship;

namespace Recommender.Server.Relationships;

/// <summary>One person's relationship worked out: stage and how it came about, indicators, occasions, and whether somebody should take over.</summary>
internal sealed class Standing
{
    private readonly RelationshipRules _rules;
    private readonly CircleEvidence _evidence;
    private readonly RelationshipSummary _summary;

    private Standing(RelationshipRules rules, CircleEvidence evidence, RelationshipSummary summary, IReadOnlyList<StageTransition> transitions, DateTimeOffset now)
    {
        (_rules, _evidence, _summary, Transitions, Today) = (rules, evidence, summary, transitions, rules.Calendar.DayOf(now));
        Events = StandingEvents.Of(evidence.Events);
    }

    public IReadOnlyList<StageTransition> Transitions { get; }

    public DateOnly Today { get; }

    /// <summary>What was not taken back, by time.</summary>
    public IReadOnlyList<ShopEvent> Events { get; }

    public LifeCycleState State => _summary.LifeCycle;

    public Customer? Profile => _evidence.Profile;

    /// <summary>Null before the first purchase.</summary>
    public double? AliveProbability => State.Rhythm.Purchases > 0 ? _rules.Model.Rhythm.AliveProbability(State.Rhythm, Today) : null;

    public Indicator Satisfaction => _rules.Indicators.ExplainSatisfaction(_summary, Today);

    public Indicator Intensity => _rules.Indicators.ExplainIntensity(_summary, Today);

    /// <summary>What is known only while it is looked at: where they stand, in one sentence.</summary>
    public string Sentence => _rules.Stages.Explain(State, Today);

    public DateOnly? ChangesOn => _rules.Stages.BreaksOn(State);

    /// <summary>What was recorded has happened, also where the clock of this server runs behind or went back.</summary>
    public static Standing Of(CircleEvidence evidence, RelationshipRules rules, Shelves shelves, DateTimeOffset clock)
    {
        var now = clock;
        foreach (var happened in evidence.Events)
        {
            if (happened.OccurredAt > now) now = happened.OccurredAt;
        }
        var (summary, transitions) = RelationshipSummary.Of(evidence.Evidence, rules.Stages, rules.Options.Indicators,
            itemId => rules.CategoryOf(shelves.Find(itemId)), rules.Calendar, now);
        return new Standing(rules, evidence, summary, transitions, now);
    }

    public IReadOnlyList<Occasion> Occasions(int within) => _rules.Occasions.Due(new OccasionEvidence
    {
        Birthday = Profile?.Dates.TryGetValue(CustomerDates.Birthday, out var birthday) == true ? birthday : null,
        FirstPurchase = State.Rhythm.Purchases > 0 ? State.Rhythm.First : null,
        Dates = Profile is null ? [] : [.. Profile.Dates.Where(date => date.Key != CustomerDates.Birthday).Select(date => new CustomerDate(date.Key, date.Value))],
        Items = ItemPurchases.Of(_evidence.Events, _rules.Calendar, DateTimeOffset.MaxValue),
    }, Today, within);

    /// <summary>What went wrong, newest first.</summary>
    public IReadOnlyList<CustomerIssue> Issues() =>
    [
        .. CustomerIssue.Of(_evidence.Events, _rules.Calendar, DateTimeOffset.MaxValue)
            .Concat(Events.Where(happened => happened.Type == EventTypes.Complaint)
                .Select(happened => new CustomerIssue(_rules.Calendar.DayOf(happened.OccurredAt), "complaint", happened.ItemId, happened.Text ?? "")))
            .OrderByDescending(issue => issue.On),
    ];

    public HandOverDecision HandOver(bool isKeyAccount) => Relationship.HandOver.Decide(
        new HandOverEvidence(isKeyAccount, State.Stage, AliveProbability, Satisfaction.Score, Issues()), _rules.Options.HandOver, Today);

    /// <summary>What an answer to the person depends on, as if the last visit were the one before the newest event's.</summary>
    public RelationshipView View()
    {
        var (satisfaction, intensity) = (Satisfaction, Intensity);
        bool visitor = _evidence.Circle.Root.Kind == PersonKind.Visitor;
        bool keyAccount = !visitor && _rules.KeyAccounts.CustomerIds.Contains(_evidence.Circle.Root.Id);
        return new RelationshipView
        {
            Stage = visitor ? LifeCycleStage.Exploration : State.Stage,
            Since = visitor && Events.Count > 0 ? _rules.Calendar.DayOf(Events[0].OccurredAt) : State.Since,
            Reason = visitor ? "a visitor who has not said who they are" : Reason,
            Satisfaction = satisfaction.Score is null ? null : satisfaction,
            Intensity = intensity.Score is null ? null : intensity,
            IsKeyAccount = keyAccount,
            HandOver = keyAccount && HandOver(true) is { ToPerson: true } decision ? string.Join("; ", decision.Reasons) : "",
            Occasions = Occasions(_rules.Options.LeadDays),
            LeftInCart = Visits.LeftInCart(Events),
        };
    }

    /// <summary>Why the stage is what it is: what began it, or where they stand while nothing has.</summary>
    public string Reason => Transitions.Count > 0 ? Transitions[^1].Reason : Sentence;
}
