using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Server.Profiles;

/// <summary>Everybody whose events may count for one person, and by which links.</summary>
/// <param name="Root">The customer (or the unlinked visitor) to whom what the person does now belongs.</param>
/// <param name="People">The root first.</param>
internal sealed record Circle(Person Root, IReadOnlyList<Person> People, IdentityMap Map)
{
    public static Circle Alone(Person person) => new(person, [person], IdentityMap.Empty);

    public bool IsAlone => People.Count == 1;

    /// <summary>Whether any of them is in it, or a link of one of its people leads to one.</summary>
    public bool Concerns(IReadOnlySet<Person> people) =>
        People.Any(person => people.Contains(person) || Map.CustomersOf(person).Any(id => people.Contains(Person.Customer(id))));

    public bool Owns(ShopEvent happened) => Map.OwnerOf(happened.Person, happened.OccurredAt) == Root;
}
