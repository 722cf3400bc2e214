using System.ComponentModel.DataAnnotations;

namespace Recommender.Server;

/// <summary>How one shop is kept in a server.</summary>
public sealed record ShopOptions
{
    /// <summary>The shop's folder: its database, its models and, where it has one, its recipe.json.</summary>
    public required string Folder { get; init; }

    /// <summary>How many people's histories are held in memory; anybody else's costs a read of the store. About 5 KB each for 30 events.</summary>
    [Range(2, 100_000_000)]
    public int PeopleInMemory { get; init; } = 100_000;

    public string ModelsFolder => Path.Combine(Folder, "models");

    public string KeysFile => Path.Combine(Folder, "keys.json");

    public string RecipeFile => Path.Combine(Folder, "recipe.json");
}
