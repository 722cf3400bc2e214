using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Ranking;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

public abstract class PersonRecordsContract(IStoreEngine engine) : StoreContract(engine)
{
    private static readonly Person _ann = Person.Customer("ann");

    [Fact]
    public async Task All_that_is_kept_of_a_person_is_what_each_port_has_of_them()
    {
        await Store.Events.AppendAsync(Books, [View("1"), View("2", customer: "bob"), View("3")], Stop);
        await Store.Customers.UpsertAsync(Books, [new Customer("ann"), new Customer("bob")], Stop);
        Assert.True(await Store.Links.TryLinkAsync(Books, new IdentityLink("l1", Person.Visitor("phone"), "ann", Noon, "sign-in"), 0, Stop));
        Assert.True(await Store.Links.TryLinkAsync(Books, new IdentityLink("l2", Person.Visitor("phone"), "bob", Noon, "sign-in"), 1, Stop));
        Assert.True(await Store.Links.TryEndAsync(Books, "l1", Noon.AddDays(1), 2, Stop));
        await ReserveAsync("old", _ann, Noon.AddDays(-3));
        await ReserveAsync("new", _ann, Noon);
        await ReserveAsync("of bob", Person.Customer("bob"), Noon);
        await Store.Recommendations.AppendAsync(Books, [.. Enumerable.Range(0, 5).Select(box => Shown($"box-{box}", _ann, Noon.AddHours(box))), Shown("of bob", Person.Customer("bob"), Noon)], Stop);

        var record = Assert.Single(await Store.People.ReadAsync(Books, [_ann], Noon.AddHours(1), 3, Noon.AddDays(-1), Stop));
        Assert.Equal(await Store.Events.ReadPersonAsync(Books, _ann, Stop), record.Events);
        Assert.Equal(["1", "3"], record.Events.Select(stored => stored.Event.EventId));
        Assert.Equal(await Store.Customers.FindAsync(Books, "ann", Stop), record.Profile);
        var links = await Store.Links.OfAsync(Books, _ann, Stop);
        Assert.Equal((links.Revision, 0), (record.Links.Revision, record.Links.From.Count));
        Assert.Equal(links.To, record.Links.To);
        Assert.Equal("l1", Assert.Single(record.Links.To).Id);
        Assert.Equal("new", Assert.Single(record.Contacts).Id);
        Assert.Equal(["box-4", "box-3", "box-2"], record.Shown.Select(box => box.RecommendationId));
    }

    [Fact]
    public async Task Of_a_visitor_there_are_the_links_by_which_they_belong_and_no_profile()
    {
        await Store.Customers.UpsertAsync(Books, [new Customer("phone")], Stop);
        Assert.True(await Store.Links.TryLinkAsync(Books, new IdentityLink("l1", Person.Visitor("phone"), "ann", Noon, "sign-in"), 0, Stop));
        Assert.True(await Store.Links.TryLinkAsync(Books, new IdentityLink("l2", Person.Visitor("phone"), "bob", Noon, "sign-in"), 1, Stop));
        var record = Assert.Single(await Store.People.ReadAsync(Books, [Person.Visitor("phone")], Noon, 10, Noon, Stop));
        Assert.Null(record.Profile);
        Assert.Equal(["l1", "l2"], record.Links.From.Select(link => link.Id));
        Assert.Empty(record.Links.To);
    }

    [Fact]
    public async Task Of_somebody_nobody_knows_there_is_nothing()
    {
        await Store.Events.AppendAsync(Wines, [View("1")], Stop);
        var record = Assert.Single(await Store.People.ReadAsync(Books, [_ann], DateTimeOffset.MinValue, 10, DateTimeOffset.MinValue, Stop));
        Assert.Equal((0, 0, 0, 0L), (record.Events.Count, record.Contacts.Count, record.Shown.Count, record.Links.Revision));
        Assert.Null(record.Profile);
    }

    [Fact]
    public async Task Many_are_read_together_each_as_if_alone()
    {
        Person[] people =
        [
            .. Enumerable.Range(0, 100).Select(n => n % 5 == 0 ? Person.Visitor($"person-{n}") : Person.Customer($"person-{n}")),
            _ann,
            Person.Visitor("ann"),
        ];
        var events = people.SelectMany((person, n) => Enumerable.Range(0, n % 4).Select(k => View($"{n}-{k}") with { Person = person }));
        await Store.Events.AppendAsync(Books, [.. events], Stop);
        await Store.Customers.UpsertAsync(Books, [.. people.Where((_, n) => n % 3 == 0).Select(person => new Customer(person.Id))], Stop);
        int links = 0;
        foreach (var visitor in people.Where(person => person.Kind == PersonKind.Visitor).Take(8))
        {
            var link = new IdentityLink($"l{links}", visitor, links % 2 == 0 ? "ann" : "person-1", Noon, "sign-in");
            Assert.True(await Store.Links.TryLinkAsync(Books, link, links++, Stop));
        }
        foreach (var (person, n) in people.Select((person, n) => (person, n)).Where(one => one.n % 7 == 0))
            await ReserveAsync($"contact-{n}", person, Noon.AddDays(-n % 3));
        var boxes = people.SelectMany((person, n) =>
            Enumerable.Range(0, n % 6).Select(box => Shown($"box-{n}-{box}", person, Noon.AddHours(box))));
        await Store.Recommendations.AppendAsync(Books, [.. boxes], Stop);

        var together = await Store.People.ReadAsync(Books, people, Noon.AddHours(1), 3, Noon.AddDays(-1), Stop);

        Assert.Equal(people.Length, together.Count);
        Assert.Equal(3, together.Max(one => one.Events.Count));
        Assert.Equal(2, together.Count(one => one.Links.To.Count > 0));
        Assert.Equal(3, together.Max(one => one.Shown.Count));
        for (int i = 0; i < people.Length; i++)
        {
            PersonRecord one = together[i];
            PersonRecord alone = Assert.Single(
                await Store.People.ReadAsync(Books, [people[i]], Noon.AddHours(1), 3, Noon.AddDays(-1), Stop));
            Assert.Equal(alone.Events, one.Events);
            Assert.Equal((alone.Profile, alone.Links.Revision), (one.Profile, one.Links.Revision));
            Assert.Equal(alone.Links.From, one.Links.From);
            Assert.Equal(alone.Links.To, one.Links.To);
            Assert.Equal(alone.Contacts.Select(contact => contact.Id), one.Contacts.Select(contact => contact.Id));
            Assert.Equal(alone.Shown.Select(box => box.RecommendationId), one.Shown.Select(box => box.RecommendationId));
            Assert.All(one.Events, stored => Assert.Equal(people[i], stored.Event.Person));
        }
        Assert.Empty(await Store.People.ReadAsync(Books, [], Noon, 3, Noon, Stop));
    }

    private async Task ReserveAsync(string id, Person person, DateTimeOffset at)
    {
        var contact = new Contact(id, person, "mail", "marketing", at, ContactState.Reserved) { ExpiresAt = at.AddHours(1) };
        Assert.NotNull((await Store.Contacts.TryReserveAsync(Books, contact, [person], [], Stop)).Granted);
    }

    private static ServedRecommendation Shown(string id, Person person, DateTimeOffset at) => new(id, at, person, "home", "popular", "m", [new("book-1", 1, "popular", [])]);
}
