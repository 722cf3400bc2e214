namespace Recommender.Cli.Demo;

/// <summary>How large a shop is made up. The same options give the same shop, to the last event.</summary>
internal sealed record BookshopOptions
{
    /// <summary>Another seed is another shop: other books, other readers, other purchases.</summary>
    public int Seed { get; init; } = 42;

    public int Books { get; init; } = 2_000;

    public int Customers { get; init; } = 5_000;

    /// <summary>People who look around once or twice and are never known by name.</summary>
    public int Visitors { get; init; } = 6_000;

    /// <summary>The shop's first day; UTC.</summary>
    public DateTimeOffset Opens { get; init; } = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The moment at which the story begins: the last event is before it.</summary>
    public DateTimeOffset Today { get; init; } = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
}
