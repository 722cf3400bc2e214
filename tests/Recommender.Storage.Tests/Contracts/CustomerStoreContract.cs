using Recommender.Catalogue;
using Recommender.Customers;

namespace Recommender.Storage.Tests.Contracts;

public abstract class CustomerStoreContract(IStoreEngine engine) : StoreContract(engine)
{
    private ICustomerStore Customers => Store.Customers;

    [Fact]
    public async Task A_customer_comes_back_whole_and_is_replaced_whole()
    {
        Customer ann = new("ann") { Attributes = ItemStoreContract.Everything("any").Attributes };
        await Customers.UpsertAsync(Books, [ann, new Customer("bob")], Stop);
        await ReopenAsync();
        Assert.Equal(ann with { Revision = 1 }, await Customers.FindAsync(Books, "ann", Stop));

        await Customers.UpsertAsync(Books, [new Customer("ann")], Stop);
        Assert.Equal(new Customer("ann") { Revision = 2 }, await Customers.FindAsync(Books, "ann", Stop));
        Assert.Null(await Customers.FindAsync(Books, "cara", Stop));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_is_kept(string text)
    {
        Customer customer = new(text) { Attributes = ItemStoreContract.Attributes((text, new AttributeValue.Text(text))) };
        await Customers.UpsertAsync(Books, [customer], Stop);
        Assert.Equal(customer with { Revision = 1 }, await Customers.FindAsync(Books, text, Stop));
    }

    [Fact]
    public async Task Customers_are_listed_page_by_page_and_deleted_by_id()
    {
        await Customers.UpsertAsync(Books, [.. Enumerable.Range(0, 10).Reverse().Select(i => new Customer($"c{i}"))], Stop);
        Assert.Equal(["c0", "c1", "c2"], (await Customers.ListAsync(Books, null, 3, Stop)).Select(customer => customer.Id));
        Assert.Equal(["c8", "c9"], (await Customers.ListAsync(Books, "c7", 3, Stop)).Select(customer => customer.Id));
        Assert.Equal(2, await Customers.DeleteAsync(Books, ["c1", "c2", "c2", "unknown"], Stop));
        Assert.Equal(8, await Customers.CountAsync(Books, Stop));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        Customer other = new("ann") { Attributes = ItemStoreContract.Attributes(("city", new AttributeValue.Text("Umeå"))) };
        await Customers.UpsertAsync(Books, [new Customer("ann")], Stop);
        await Customers.UpsertAsync(Wines, [other], Stop);
        Assert.Equal(1, await Customers.DeleteAsync(Books, ["ann"], Stop));
        Assert.Null(await Customers.FindAsync(Books, "ann", Stop));
        Assert.Equal(0, await Customers.CountAsync(Books, Stop));
        Assert.Equal([other with { Revision = 1 }], await Customers.ListAsync(Wines, null, 10, Stop));
    }

    [Fact]
    public async Task A_customer_without_an_id_is_refused_with_the_whole_batch()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Customers.UpsertAsync(Books, [new Customer("ann"), new Customer("")], Stop));
        Assert.Equal(0, await Customers.CountAsync(Books, Stop));
    }
}
