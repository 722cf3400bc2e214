using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Recommender.LifeCycle;

namespace Recommender.Relationship;

/// <summary>When a key account is handed over to a person.</summary>
public sealed record HandOverOptions
{
    /// <summary>Satisfaction below which a person takes over. Higher hands over more.</summary>
    [Range(0.0, 100.0)]
    public double SatisfactionBelow { get; init; } = 50;

    /// <summary>P(alive) below which a person takes over, even before the rhythm counts as broken. Higher hands over earlier.</summary>
    [Range(0.0, 1.0)]
    public double AliveBelow { get; init; } = 0.5;

    /// <summary>Days for which a return or a complaint is reason enough. Longer hands over more.</summary>
    [Range(0, 3650)]
    public int IssueDays { get; init; } = 30;

    /// <summary>These options, if every value is in its range.</summary>
    /// <exception cref="ValidationException">Names the value and its range.</exception>
    public HandOverOptions Validated()
    {
        Validator.ValidateObject(this, new ValidationContext(this), validateAllProperties: true);
        return this;
    }
}

/// <summary>What a hand-over is decided by.</summary>
/// <param name="AliveProbability">Null before the first purchase.</param>
public sealed record HandOverEvidence(bool IsKeyAccount, LifeCycleStage Stage, double? AliveProbability, double? Satisfaction,
    IReadOnlyList<CustomerIssue> Issues);

/// <param name="ToPerson">Whether a person should take over.</param>
/// <param name="Reasons">Why, or why not; never empty.</param>
public sealed record HandOverDecision(bool ToPerson, IReadOnlyList<string> Reasons);

/// <summary>Decides whether a person should take over: for key accounts at risk, and for nobody else.</summary>
public static class HandOver
{
    public static HandOverDecision Decide(HandOverEvidence customer, HandOverOptions options, DateOnly today)
    {
        options = options.Validated();
        if (!customer.IsKeyAccount) return new HandOverDecision(false, ["not a key account"]);
        var reasons = new List<string>();
        if (customer.Stage == LifeCycleStage.Dissolution) reasons.Add("a key account whose rhythm is broken");
        else if (customer.AliveProbability < options.AliveBelow) reasons.Add(Text($"a key account with P(alive) {customer.AliveProbability:0.00}"));
        if (customer.Satisfaction < options.SatisfactionBelow)
            reasons.Add(Text($"satisfaction is {customer.Satisfaction:0}, below {options.SatisfactionBelow:0}"));
        CustomerIssue[] recent =
            [.. customer.Issues.Where(issue => issue.On <= today && today.DayNumber - issue.On.DayNumber <= options.IssueDays)];
        if (recent.Length > 0)
        {
            string count = recent.Length == 1 ? "1 issue" : $"{recent.Length} issues";
            reasons.Add(Text($"{count} in the last {options.IssueDays} days, the last a {recent.MaxBy(issue => issue.On)!.Kind}"));
        }
        return reasons.Count > 0 ? new HandOverDecision(true, reasons) : new HandOverDecision(false, ["a key account with nothing amiss"]);
    }

    private static string Text(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
