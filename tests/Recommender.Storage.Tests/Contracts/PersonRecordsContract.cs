using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Ranking;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

/// <summary>A person read at once says what the single stores say.</summary>
public abstract class PersonRecordsContract(IStoreEngine engine) : StoreContract(engine)
{
    private static readonly Person _ann = Person.Customer("ann");
    private static readonly Person _visitor = Person.Visitor("ann");

    [Fact]
    public async Task All_that_is_kept_of_a_person_is_read_at_once_and_nothing_of_others()
    {
        await FillAsync(Books);
        await FillAsync(Wines);
        foreach (Person person in (Person[])[_ann, _visitor, Person.Customer("bob"), Person.Customer("nobody")])
        {
            PersonRecord record = await Store.People.ReadAsync(Books, person, Noon.AddMinutes(1), 2, Noon.AddMinutes(1), Stop);
            Assert.Equal(await Store.Events.ReadPersonAsync(Books, person, Stop), record.Events);
            PersonLinks links = await Store.Links.OfAsync(Books, person, Stop);
            Assert.Equal((links.Revision, links.From.Count, links.To.Count), (record.Links.Revision, record.Links.From.Count, record.Links.To.Count));
            Assert.Equal(links.From.Concat(links.To), record.Links.From.Concat(record.Links.To));
            Assert.Equal(person.Kind == PersonKind.Customer ? await Store.Customers.FindAsync(Books, person.Id, Stop) : null, record.Profile);
            Assert.Equal(await Store.Contacts.ReadAsync(Books, [person], Noon.AddMinutes(1), Stop), record.Contacts);
            Assert.Equal((await Store.Recommendations.ReadPersonAsync(Books, person, Noon.AddMinutes(1), 2, Stop)).Select(served => served.RecommendationId),
                record.Shown.Select(served => served.RecommendationId));
        }
        PersonRecord ann = await Store.People.ReadAsync(Books, _ann, Noon.AddMinutes(1), 2, Noon.AddMinutes(1), Stop);
        Assert.Equal((3, 1, 1, 2, 2), (ann.Events.Count, ann.Links.To.Count, ann.Links.From.Count, ann.Contacts.Count, ann.Shown.Count));
        Assert.Equal(["s3", "s2"], ann.Shown.Select(served => served.RecommendationId));
        Assert.NotNull(ann.Profile);
    }

    [Fact]
    public async Task Nothing_shown_is_asked_for_with_a_limit_of_none()
    {
        await FillAsync(Books);
        Assert.Empty((await Store.People.ReadAsync(Books, _ann, Noon, 0, Noon, Stop)).Shown);
    }

    private async Task FillAsync(Tenant tenant)
    {
        await Store.Events.AppendAsync(tenant, [View("1"), Purchase("v") with { Person = _visitor }, View("2"), View("b", "bob"), View("3")], Stop);
        Assert.True(await Store.Links.TryLinkAsync(tenant, new("l1", _visitor, "ann", Noon, "sign-in"), 0, Stop));
        Assert.True(await Store.Links.TryLinkAsync(tenant, new("l2", _ann, "bob", Noon, "staff"), 1, Stop));
        Assert.True(await Store.Links.TryEndAsync(tenant, "l2", Noon.AddDays(1), 2, Stop));
        await Store.Customers.UpsertAsync(tenant, [new Customer("ann"), new Customer("bob")], Stop);
        foreach (int minute in (int[])[2, 0, 1])
        {
            var contact = new Contact($"c{minute}", _ann, "mail", "marketing", Noon.AddMinutes(minute), ContactState.Reserved) { ExpiresAt = Noon.AddDays(1) };
            await Store.Contacts.TryReserveAsync(tenant, contact, [_ann], [], Stop);
        }
        await Store.Recommendations.AppendAsync(tenant, [.. ((int[])[1, 3, 0, 2]).Select(minute =>
            new ServedRecommendation($"s{minute}", Noon.AddMinutes(minute), _ann, "home", "personalised", "m", []))], Stop);
        await Store.Recommendations.AppendAsync(tenant, [new ServedRecommendation("sv", Noon.AddMinutes(5), _visitor, "home", "popular", "m", [])], Stop);
    }
}
