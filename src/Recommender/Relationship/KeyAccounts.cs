namespace Recommender.Relationship;

/// <param name="Margin">Over whatever period the shop looks at, in its currency; negative where the shop lost money.</param>
public readonly record struct CustomerMargin(string CustomerId, decimal Margin);

/// <summary>The smallest set of customers who make a given part of the margin.</summary>
/// <param name="Accounts">Greatest margin first, equals by id.</param>
/// <param name="TotalMargin">The margin made, that is of all customers with a positive one: others' losses do not make fewer accounts key.</param>
/// <param name="CoveredMargin">The accounts' own.</param>
public sealed record KeyAccounts(IReadOnlyList<CustomerMargin> Accounts, decimal TotalMargin, decimal CoveredMargin)
{
    /// <param name="margins">Each customer once.</param>
    /// <param name="share">Above 0, at most 1.</param>
    /// <exception cref="ArgumentException">A customer comes twice.</exception>
    public static KeyAccounts Of(IEnumerable<CustomerMargin> margins, decimal share)
    {
        if (share is <= 0 or > 1) throw new ArgumentOutOfRangeException(nameof(share), share, "The share of the margin must be above 0 and at most 1.");
        var customers = new HashSet<string>();
        var earning = new List<CustomerMargin>();
        foreach (CustomerMargin margin in margins)
        {
            if (!customers.Add(margin.CustomerId))
                throw new ArgumentException($"The customer '{margin.CustomerId}' comes twice; add the margins up.", nameof(margins));
            if (margin.Margin > 0) earning.Add(margin);
        }
        earning.Sort((one, other) => one.Margin != other.Margin ? other.Margin.CompareTo(one.Margin) : string.CompareOrdinal(one.CustomerId, other.CustomerId));
        decimal total = earning.Sum(margin => margin.Margin), covered = 0;
        int count = 0;
        while (count < earning.Count && covered < share * total) covered += earning[count++].Margin;
        return new KeyAccounts(earning[..count], total, covered);
    }
}
