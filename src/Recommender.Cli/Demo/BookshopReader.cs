using System.Collections.Immutable;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Cli.Demo;

/// <summary>A person with a taste, which nobody in the shop knows and which shows in what they do.</summary>
/// <param name="Customer">Null for a visitor who is never known by name.</param>
/// <param name="Visitor">The anonymous id they had before they were known; null for those who were known from their first visit.</param>
/// <param name="Joined">From then on they are known.</param>
/// <param name="Visits">How often they come in the shop's two years.</param>
internal sealed record BookshopReader(Customer? Customer, string? Visitor, DateTimeOffset FirstVisit, DateTimeOffset Joined, int Visits,
    ImmutableArray<BookshopSubgenre> Favourites, ImmutableArray<string> FavouriteAuthors)
{
    /// <summary>Where they mostly meet the shop: "web", "app", "store" or "mail".</summary>
    public required string Channel { get; init; }

    /// <summary>How often they rate what they bought, and how often they send it back; 0 to 1.</summary>
    public double Rates { get; init; }

    public double Returns { get; init; }

    /// <summary>Who the shop takes them for at a moment.</summary>
    public Person At(DateTimeOffset moment) =>
        Customer is null || (Visitor is not null && moment < Joined) ? Person.Visitor(Visitor!) : Person.Customer(Customer.Id);
}
