using Recommender.Catalogue;

namespace Recommender.Cli.Demo;

/// <summary>A book of the shop, with what decides who buys it.</summary>
/// <param name="Popularity">How often it is picked, compared with the others; falls with its rank by a power law.</param>
internal sealed record BookshopBook(int Number, Item Item, BookshopGenre Genre, BookshopSubgenre Subgenre, string Author, string? Series,
    int Volume, decimal Price, DateTimeOffset Published, double Popularity);
