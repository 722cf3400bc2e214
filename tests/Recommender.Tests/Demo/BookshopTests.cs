using Recommender.Catalogue;
using Recommender.Cli.Demo;
using Recommender.Interactions;

namespace Recommender.Tests.Demo;

public sealed class BookshopTests
{
    private static readonly BookshopOptions _options = new();
    private static readonly Bookshop _shop = Bookshop.Generate(_options);
    private static readonly Dictionary<string, BookshopBook> _books = _shop.Books.ToDictionary(book => book.Item.Id);

    [Fact]
    public void The_same_seed_makes_the_same_shop()
    {
        var again = Bookshop.Generate(new BookshopOptions());
        Assert.Equal(_shop.Items, again.Items);
        Assert.Equal(_shop.Customers, again.Customers);
        Assert.Equal(_shop.Events, again.Events);
    }

    [Fact]
    public void Another_seed_makes_another_shop()
    {
        var other = Bookshop.Generate(_options with { Seed = 43 });
        Assert.NotEqual(_shop.Items[0].Title, other.Items[0].Title);
        Assert.NotEqual(_shop.Events.Take(100), other.Events.Take(100));
    }

    [Fact]
    public void It_has_two_thousand_different_books_and_five_thousand_customers()
    {
        Assert.Equal(2_000, _shop.Items.Count);
        Assert.Equal(2_000, _shop.Items.Select(item => item.Title).Distinct().Count());
        Assert.Equal(5_000, _shop.Customers.Count);
        Assert.InRange(_shop.Events.Count, 150_000, 250_000);
    }

    [Fact]
    public void Every_book_has_a_title_an_author_a_genre_and_a_price()
    {
        foreach (Item item in _shop.Items)
        {
            Assert.NotEqual(item.Id, item.Title);
            Assert.DoesNotContain('{', item.Title);
            Assert.IsType<AttributeValue.TextList>(item.Attributes["authors"]);
            Assert.IsType<AttributeValue.Text>(item.Attributes["genre"]);
            Assert.InRange(Assert.IsType<AttributeValue.Number>(item.Attributes["price"]).Value, 5, 40);
        }
        Assert.InRange(_shop.Books.Select(book => book.Genre.Name).Distinct().Count(), 20, 30);
    }

    [Fact]
    public void Every_event_could_have_been_sent_to_the_service()
    {
        Assert.All(_shop.Events, happened => Assert.Empty(EventRules.Faults(happened, _options.Today)));
        Assert.Equal(_shop.Events.Count, _shop.Events.Select(happened => happened.EventId).Distinct().Count());
        Assert.All(_shop.Events, happened => Assert.True(_books.ContainsKey(happened.ItemId!)));
    }

    [Fact]
    public void Events_come_in_the_order_of_time_and_end_before_today()
    {
        DateTimeOffset before = _options.Opens;
        foreach (ShopEvent happened in _shop.Events)
        {
            Assert.True(happened.OccurredAt >= before);
            before = happened.OccurredAt;
        }
        Assert.True(before < _options.Today);
        Assert.True(before > _options.Today.AddDays(-2));
    }

    [Fact]
    public void No_book_is_seen_before_it_is_published() =>
        Assert.All(_shop.Events, happened => Assert.True(happened.OccurredAt >= _books[happened.ItemId!].Published));

    [Fact]
    public void Few_books_make_most_of_the_sales_and_most_books_sell_a_little()
    {
        int[] sales = [.. Purchases().CountBy(sale => sale.ItemId!).Select(pair => pair.Value).OrderDescending()];
        double all = sales.Sum();
        Assert.True(sales.Take(400).Sum() / all > 0.5, "a fifth of the books makes more than half of the sales");
        Assert.True(sales[0] > 15 * sales[sales.Length / 2], "the bestseller sells many times what the middle book does");
        Assert.True(sales.Length > 1_800, "nearly every book is sold at least once");
    }

    [Fact]
    public void Customers_buy_mostly_from_their_favourite_shelves_and_authors()
    {
        var readers = _shop.Readers.Where(reader => reader.Customer is not null).ToDictionary(reader => reader.Customer!.Id);
        var fits = Purchases().Where(sale => sale.Person.Kind == PersonKind.Customer)
            .ToLookup(sale => Fits(readers[sale.Person.Id], _books[sale.ItemId!]));
        double share = fits[true].Count() / (double)(fits[true].Count() + fits[false].Count());
        Assert.InRange(share, 0.55, 0.9);
    }

    [Fact]
    public void A_return_gives_back_what_was_bought_in_that_order_before()
    {
        var bought = Purchases().ToDictionary(sale => (sale.OrderId, sale.ItemId, sale.Person));
        ShopEvent[] returns = [.. _shop.Events.Where(happened => happened.Type == EventTypes.Return)];
        Assert.InRange(returns.Length, 300, Purchases().Count() / 10);
        foreach (ShopEvent back in returns)
        {
            ShopEvent sale = bought[(back.OrderId, back.ItemId, back.Person)];
            Assert.True(back.OccurredAt > sale.OccurredAt);
            Assert.Equal((sale.Price, sale.Quantity), (back.Price, back.Quantity));
        }
    }

    [Fact]
    public void Gardens_are_planted_in_spring_and_cooking_is_given_for_Christmas()
    {
        Assert.True(ShareIn("Gardening", 3, 4, 5) > 1.5 * ShareIn("Gardening", 9, 10, 11));
        Assert.True(ShareIn("Cookery", 11, 12) > 1.5 * ShareIn("Cookery", 5, 6));
        Assert.True(Purchases().Count(sale => sale.OccurredAt.Month == 12) > 1.5 * Purchases().Count(sale => sale.OccurredAt.Month == 2));
    }

    [Fact]
    public void Some_visitors_later_become_customers_and_others_never_do()
    {
        var people = _shop.Events.Select(happened => happened.Person).Distinct().ToLookup(person => person.Kind, person => person.Id);
        HashSet<string> visitors = [.. people[PersonKind.Visitor]], customers = [.. people[PersonKind.Customer]];
        int both = _shop.Readers.Count(reader => reader is { Customer: not null, Visitor: not null }
            && visitors.Contains(reader.Visitor) && customers.Contains(reader.Customer.Id));
        Assert.InRange(both, 300, 1_500);
        Assert.InRange(visitors.Count - both, 5_000, 8_000);
    }

    [Fact]
    public void There_is_traffic_on_every_channel()
    {
        var channels = _shop.Events.CountBy(happened => happened.Channel!).ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (string channel in new[] { "web", "app", "store", "mail" }) Assert.True(channels[channel] > 1_000, channel);
    }

    private static IEnumerable<ShopEvent> Purchases() => _shop.Events.Where(happened => happened.Type == EventTypes.Purchase);

    /// <summary>A genre's part of everything sold in those months: the shop as a whole grows.</summary>
    private static double ShareIn(string genre, params int[] months) => Purchases()
        .Where(sale => months.Contains(sale.OccurredAt.Month)).Average(sale => _books[sale.ItemId!].Genre.Name == genre ? 1.0 : 0.0);

    private static bool Fits(BookshopReader reader, BookshopBook book) =>
        reader.Favourites.Contains(book.Subgenre) || reader.FavouriteAuthors.Contains(book.Author);
}
