using System.ComponentModel.DataAnnotations;
using Recommender.Storage;

namespace Recommender.Server;

/// <summary>How one shop is kept in a server.</summary>
public sealed record ShopOptions
{
    /// <summary>The owner's file that says how models are trained here.</summary>
    public const string RecipeFile = "recipe.json";

    /// <summary>Where the shop is: everything it keeps is there, its models and its owner's files too.</summary>
    public required ShopLocation Store { get; init; }

    /// <summary>
    /// How many people's histories are held in memory; anybody else's costs a read of the store. About 11 KB each for 30 events: 280 bytes an event and,
    /// of who was recommended to, 80 bytes for each item they add up to.
    /// </summary>
    [Range(2, 100_000_000)]
    public int PeopleInMemory { get; init; } = 100_000;
}
