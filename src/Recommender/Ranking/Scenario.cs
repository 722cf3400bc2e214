namespace Recommender.Ranking;

/// <summary>The behaviour behind a box.</summary>
public enum Strategy { Personalised, Similar, Popular }

/// <summary>A place where recommendations are shown ("home", "cart", "mail-weekly"), as the shop defined it.</summary>
public sealed record Scenario(string Id)
{
    public Strategy Strategy { get; init; } = Strategy.Personalised;

    /// <summary>An expression that items must satisfy to be shown here; empty lets every available item in.</summary>
    public string Filter { get; init; } = "";

    /// <summary>How many items are answered where a request asks for no number; 1 to 1,000.</summary>
    public int DefaultCount { get; init; } = 10;

    /// <summary>Whether items the person has bought or looked at may be shown again (consumables). Rejected ones never are.</summary>
    public bool OfferBoughtAgain { get; init; }
}
