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

    public bool Owns(ShopEvent happened) => Map.OwnerOf(happened.Person, happened.OccurredAt) == Root;
}
