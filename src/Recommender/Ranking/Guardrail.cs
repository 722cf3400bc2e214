namespace Recommender.Ranking;

/// <summary>What an indicator must not fall below without consequence.</summary>
public enum RelationshipIndicator { Satisfaction, Intensity }

/// <summary>Holds for people whose indicator is known and below a bound: nobody sells up to the unhappy.</summary>
/// <param name="Below">0 to 100.</param>
public sealed record Guardrail(RelationshipIndicator Indicator, double Below)
{
    /// <summary>An expression for what is still shown; empty shows everything.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Shows nothing at all.</summary>
    public bool StaySilent { get; init; }

    /// <summary>Asks for a person to take over.</summary>
    public bool HandOver { get; init; }
}
