using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Tests.Customers;

public sealed class IdentityMapTests
{
    private static readonly DateTimeOffset _monday = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Person _tablet = Person.Visitor("tablet");

    [Fact]
    public void A_shared_device_belongs_to_whoever_was_linked_last_and_before_the_first_link_to_the_first()
    {
        var map = new IdentityMap([Link("2", _tablet, "ben", 3), Link("1", _tablet, "anna", 1), Link("3", _tablet, "anna", 5)]);

        Assert.Equal(["anna", "anna", "ben", "anna"], ((int[])[0, 1, 4, 9]).Select(day => map.OwnerOf(_tablet, _monday.AddDays(day)).Id));
        Assert.Equal(["anna", "ben"], map.CustomersOf(_tablet));
        Assert.Equal(_tablet, Assert.Single(map.CircleOf(Person.Customer("ben")).Skip(1)));
    }

    [Fact]
    public void An_account_linked_to_an_account_brings_its_devices_along()
    {
        var map = new IdentityMap([Link("1", _tablet, "old", 0), Link("2", Person.Customer("old"), "new", 1)]);

        Assert.Equal(Person.Customer("new"), map.OwnerOf(_tablet, _monday.AddDays(2)));
        Assert.Equal([Person.Customer("new"), Person.Customer("old"), _tablet], map.CircleOf(Person.Customer("new")));
    }

    [Fact]
    public void Ended_links_and_strangers_belong_to_themselves()
    {
        var map = new IdentityMap([Link("1", _tablet, "anna", 0) with { EndedAt = _monday.AddDays(2) }]);

        Assert.True(map.IsEmpty);
        Assert.Equal(_tablet, map.OwnerOf(_tablet, _monday.AddDays(1)));
        Assert.Equal(Person.Customer("tablet"), map.OwnerOf(Person.Customer("tablet"), _monday));
    }

    [Fact]
    public void A_ring_in_a_damaged_store_ends_somewhere()
    {
        var map = new IdentityMap([Link("1", Person.Customer("a"), "b", 0), Link("2", Person.Customer("b"), "a", 0)]);

        Assert.Contains(map.OwnerOf(Person.Customer("a"), _monday).Id, (string[])["a", "b"]);
        Assert.Equal(2, map.CircleOf(Person.Customer("a")).Count);
    }

    private static IdentityLink Link(string id, Person from, string to, int day) => new(id, from, to, _monday.AddDays(day), "test");
}
