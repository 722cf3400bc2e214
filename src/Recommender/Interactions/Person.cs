namespace Recommender.Interactions;

/// <summary>Customers are known by the shop's own id, visitors by an anonymous one (a cookie, a device).</summary>
public enum PersonKind { Customer = 0, Visitor = 1 }

/// <summary>Who did something. A customer and a visitor with the same id are two people.</summary>
public readonly record struct Person(PersonKind Kind, string Id)
{
    public static Person Customer(string id) => new(PersonKind.Customer, id);

    public static Person Visitor(string id) => new(PersonKind.Visitor, id);

    public override string ToString() => Kind == PersonKind.Customer ? $"customer {Id}" : $"visitor {Id}";
}
