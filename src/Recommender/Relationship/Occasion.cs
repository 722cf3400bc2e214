namespace Recommender.Relationship;

public enum OccasionKind
{
    Birthday = 0,

    /// <summary>Of the first purchase.</summary>
    Anniversary = 1,

    /// <summary>A date the customer named.</summary>
    CustomerDate = 2,

    /// <summary>Something consumed should be used up.</summary>
    Replenishment = 3,
}

/// <summary>A reason to turn to a customer.</summary>
/// <param name="On">The day itself; of a replenishment that is overdue it lies in the past.</param>
/// <param name="Name">"birthday", the customer's own name of a date, the item's id.</param>
/// <param name="ItemId">Of a replenishment.</param>
/// <param name="Reason">In words with numbers.</param>
public sealed record Occasion(OccasionKind Kind, DateOnly On, string Name, string? ItemId, string Reason);

/// <summary>A date the customer named: "wedding day", "Anna's birthday".</summary>
/// <param name="Yearly">Whether it comes back every year; the year of <paramref name="On"/> is then the first.</param>
public sealed record CustomerDate(string Name, DateOnly On, bool Yearly = true);

/// <summary>What occasions are found by, of one customer.</summary>
public sealed record OccasionEvidence
{
    public DateOnly? Birthday { get; init; }

    public DateOnly? FirstPurchase { get; init; }

    public IReadOnlyList<CustomerDate> Dates { get; init; } = [];

    /// <summary>From <see cref="ItemPurchases.Of"/>.</summary>
    public IReadOnlyList<ItemPurchases> Items { get; init; } = [];
}
