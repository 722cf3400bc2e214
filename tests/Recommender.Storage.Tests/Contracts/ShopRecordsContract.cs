using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Questionnaires;
using Recommender.Ranking;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

/// <param name="engine">Where the shop is.</param>
/// <param name="elsewhere">Where it is moved to.</param>
public abstract class ShopRecordsContract(IStoreEngine engine, IStoreEngine elsewhere) : StoreContract(engine)
{
    private static readonly Person _ann = Person.Customer("ann");
    private IShopStore? _other;

    [Fact]
    public async Task A_shop_read_record_by_record_and_written_elsewhere_is_the_same_shop()
    {
        await FillAsync();
        var other = await OpenElsewhereAsync();
        // Twice: a copy that was killed writes its last page again.
        for (int time = 0; time < 2; time++) await MoveAsync(other);

        foreach (var kind in Enum.GetValues<RecordKind>())
        {
            var (from, to) = (await ReadAllAsync(Store, kind), await ReadAllAsync(other, kind));
            Assert.NotEmpty(from);
            Assert.Equal((kind, from.Count), (kind, to.Count));
            Assert.Equal((kind, Checksum(from)), (kind, Checksum(to)));
        }
        Assert.Equal(await Store.Events.ReadAllAsync(Books), await other.Events.ReadAllAsync(Books));
        Assert.Equal(await Store.Items.FindAsync(Books, "book-1", Stop), await other.Items.FindAsync(Books, "book-1", Stop));
        Assert.Equal(await Store.Customers.FindAsync(Books, "ann", Stop), await other.Customers.FindAsync(Books, "ann", Stop));
        Assert.Equal((await Store.Links.OfAsync(Books, _ann, Stop)).To, (await other.Links.OfAsync(Books, _ann, Stop)).To);
        Assert.Equal(await Store.Models.PublicationsAsync(Books, Stop), await other.Models.PublicationsAsync(Books, Stop));
        Assert.Equal(await Store.LifeCycle.TransitionsAsync(Books, "ann", Stop), await other.LifeCycle.TransitionsAsync(Books, "ann", Stop));
    }

    [Fact]
    public async Task What_was_promised_of_the_shop_holds_where_it_was_moved_to()
    {
        await FillAsync();
        var other = await OpenElsewhereAsync();
        await MoveAsync(other);

        // Forgotten events stay away, at their former position; positions and revisions go on.
        var forgotten = (await Store.Events.AppendAsync(Books, [View("forgotten")], Stop))[0];
        Assert.Equal(AppendStatus.Duplicate, forgotten.Status);
        Assert.Equal(forgotten, (await other.Events.AppendAsync(Books, [View("forgotten")], Stop))[0]);
        long last = (await ReadAllAsync(Store, RecordKind.Counters)).OfType<ShopRecord.OfCounters>().Single().LastPosition;
        Assert.True((await other.Events.AppendAsync(Books, [View("new")], Stop))[0].Position > last - 1);
        Assert.Equal((await Store.Erasures.PeopleAsync(Books, Stop)).Order(), (await other.Erasures.PeopleAsync(Books, Stop)).Order());
        Assert.True(await other.Erasures.ReadmitAsync(Books, Person.Customer("gone"), Stop));
        var links = await other.Links.OfAsync(Books, _ann, Stop);
        Assert.False(await other.Links.TryLinkAsync(Books, new IdentityLink("l9", Person.Visitor("tablet"), "ann", Noon, "x"), links.Revision - 1, Stop));
        Assert.True(await other.Links.TryLinkAsync(Books, new IdentityLink("l9", Person.Visitor("tablet"), "ann", Noon, "x"), links.Revision, Stop));
        var ann = (await other.Customers.FindAsync(Books, "ann", Stop))!;
        Assert.True(await other.Customers.TryUpdateAsync(Books, ann with { Consents = [] }, Stop));
        Assert.False(await other.Sessions.TryEndAsync(Books, "s-2", Noon, Stop));
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_repetition()
    {
        await Store.Events.AppendAsync(Books, Views("e", 2_500), Stop);
        await Store.Items.UpsertAsync(Books, [.. Enumerable.Range(0, 2_500).Select(item => new Item($"item-{item}"))], Stop);
        await Store.Recommendations.AppendAsync(Books, [.. Enumerable.Range(0, 2_500).Select(box => new ServedRecommendation($"r-{box}", Noon.AddSeconds(box / 7), null, "", "", "", []))], Stop);
        foreach (var kind in (RecordKind[])[RecordKind.Event, RecordKind.Item, RecordKind.Recommendation])
        {
            var records = await ReadAllAsync(Store, kind);
            Assert.Equal(2_500, records.Count);
            Assert.Equal(2_500, records.Distinct().Count());
        }
        Assert.Equal(Enumerable.Range(0, 2_500).Select(i => $"e-{i}"), (await ReadAllAsync(Store, RecordKind.Event)).Cast<ShopRecord.OfEvent>().Select(record => record.Stored.Event.EventId));
    }

    [Fact]
    public async Task An_empty_shop_has_no_records_but_its_counters_at_zero()
    {
        await Store.Items.UpsertAsync(Wines, [new Item("wine")], Stop);
        foreach (var kind in Enum.GetValues<RecordKind>())
            Assert.Equal(kind == RecordKind.Counters ? [new ShopRecord.OfCounters(0, 0)] : [], await ReadAllAsync(Store, kind));
    }

    public override async ValueTask DisposeAsync()
    {
        if (_other is not null) await _other.DisposeAsync();
        await elsewhere.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<IShopStore> OpenElsewhereAsync() => _other = await elsewhere.OpenAsync(Stop);

    private async Task MoveAsync(IShopStore other)
    {
        foreach (var kind in Enum.GetValues<RecordKind>())
        {
            string? after = null;
            do
            {
                var page = await Store.Records.ReadAsync(Books, kind, after, Stop);
                if (page.Records.Count > 0) await other.Records.WriteAsync(Books, page.Records, Stop);
                after = page.Next;
            }
            while (after is not null);
        }
    }

    private async Task FillAsync()
    {
        await Store.Items.UpsertAsync(Books, [new Item("book-1") { AddedAt = Noon.AddTicks(7), Attributes = new Item("").Attributes.Add("title", new AttributeValue.Text("Ünder 📚")).Add("price", new AttributeValue.Number(12.5)).Add("tags", new AttributeValue.TextList(["a", "b"])) }, new Item("book-2") { Available = false }], Stop);
        await Store.Customers.UpsertAsync(Books, [new Customer("ann") { Attributes = new Customer("").Attributes.Add("city", new AttributeValue.Text("Ulm")) }], Stop);
        var ann = (await Store.Customers.FindAsync(Books, "ann", Stop))!;
        Assert.True(await Store.Customers.TryUpdateAsync(Books, ann with
        {
            Dates = ann.Dates.Add("birthday", new DateOnly(1980, 1, 31)),
            Consents = [new Consent("marketing", "mail", true, Noon, "customer"), new Consent("marketing", "mail", false, Noon.AddDays(1), "customer")],
            Statements = ann.Statements.Add("city", new Statement("staff", Noon, 0.5)),
        }, Stop));
        Assert.True(await Store.Links.TryLinkAsync(Books, new IdentityLink("l2", Person.Visitor("phone"), "ann", Noon, "sign-in"), 0, Stop));
        Assert.True(await Store.Links.TryLinkAsync(Books, new IdentityLink("l1", Person.Visitor("laptop"), "ann", Noon, "sign-in"), 1, Stop));
        Assert.True(await Store.Links.TryEndAsync(Books, "l2", Noon.AddDays(1), 2, Stop));
        await Store.Questionnaires.SaveDraftAsync(Books, new QuestionnaireVersion("taste", 0, Noon, """{"draft":1}"""), Stop);
        Assert.True(await Store.Questionnaires.TryPublishAsync(Books, new QuestionnaireVersion("taste", 1, Noon, "{}"), Stop));
        Assert.True(await Store.Sessions.TryStartAsync(Books, new QuestionnaireSession("s-1", "taste", 1, _ann, "de", Noon), Stop));
        Assert.True(await Store.Sessions.TryStartAsync(Books, new QuestionnaireSession("s-2", "taste", 1, _ann, "de", Noon), Stop));
        Assert.True(await Store.Sessions.TryEndAsync(Books, "s-2", Noon.AddHours(1), Stop));
        var contact = new Contact("c-1", _ann, "mail", "marketing", Noon, ContactState.Reserved) { ExpiresAt = Noon.AddHours(1), ItemIds = ["book-1"], Scenario = "weekly" };
        Assert.NotNull((await Store.Contacts.TryReserveAsync(Books, contact, [_ann], [], Stop)).Granted);
        await Store.Contacts.SettleAsync(Books, "c-1", ContactState.Confirmed, Noon.AddMinutes(5), Stop);
        await Store.Scenarios.UpsertAsync(Books, new Scenario("home") { Filter = "item.price < 20.0", Guardrails = [new(RelationshipIndicator.Satisfaction, 30) { HandOver = true }] }, Stop);
        await Store.Settings.SetAsync(Books, "contact_policy", """{"a": 1}""", Stop);
        await Store.Checkpoints.SetAsync(Books, "life_cycle_pass", "{}", Stop);
        await Store.Events.AppendAsync(Books, [Purchase("1"), View("forgotten"), View("3"), View("of gone", customer: "gone")], Stop);
        Assert.Equal(1, await Store.Events.ForgetAsync(Books, _ann, ["forgotten"], Stop));
        await Store.Erasures.EraseAsync(Books, [Person.Customer("gone"), Person.Visitor("gone's phone")], "receipt-1", Noon, Erasure.Nothing, Stop);
        await Store.Erasures.EraseAsync(Books, [Person.Customer("back")], "receipt-2", Noon.AddDays(1), Erasure.Nothing, Stop);
        Assert.True(await Store.Erasures.ReadmitAsync(Books, Person.Customer("back"), Stop));
        await Store.Recommendations.AppendAsync(Books, [new ServedRecommendation("r-1", Noon, _ann, "home", "personalised", "m", [new("book-1", 0.3f, "model", [new("purchase", "book-2", 0.25f) { Text = "because" }])]), new ServedRecommendation("r-2", Noon, null, "", "", "", [])], Stop);
        await Store.LifeCycle.SaveAsync(Books,
        [
            new CustomerHistory("ann", new CustomerState("ann", "expansion", Noon, "bought", Noon.AddDays(9), 12.5, """{"x":1}"""), [new("awareness", "exploration", Noon, "b"), new("exploration", "expansion", Noon, "a")]),
            new CustomerHistory("nobody", null, [new("awareness", "dissolution", Noon, "gone")]),
        ], Stop);
        await Store.Models.AddAsync(Books, new ModelVersion("m-1", Noon, 3, """{"id":"m-1"}"""), Stop);
        await Store.Models.AddAsync(Books, new ModelVersion("m-2", Noon.AddDays(1), 4, """{"id":"m-2"}"""), Stop);
        foreach (string live in (string[])["m-2", "m-1", "m-2"]) await Store.Models.PublishAsync(Books, new Publication(live, Noon, $"published {live}"), Stop);
    }

    private static async Task<List<ShopRecord>> ReadAllAsync(IShopStore store, RecordKind kind)
    {
        var records = new List<ShopRecord>();
        string? after = null;
        do
        {
            var page = await store.Records.ReadAsync(Books, kind, after, Stop);
            Assert.All(page.Records, record => Assert.Equal(kind, record.Kind));
            records.AddRange(page.Records);
            after = page.Next;
        }
        while (after is not null);
        return records;
    }

    private static string Checksum(IEnumerable<ShopRecord> records)
    {
        var checksum = new RecordChecksum();
        foreach (var record in records) checksum.Add(record);
        return $"{checksum}";
    }
}
