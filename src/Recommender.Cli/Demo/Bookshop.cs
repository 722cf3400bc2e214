using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Cli.Demo;

/// <summary>
/// A bookshop that never was: books, customers and two years of events, generated from a seed. Its readers have tastes, so that there is
/// something to be learned from what they do.
/// </summary>
internal sealed class Bookshop
{
    /// <summary>ISO 4217.</summary>
    public const string Currency = "EUR";

    private Bookshop(IReadOnlyList<BookshopBook> books, IReadOnlyList<BookshopReader> readers, IReadOnlyList<ShopEvent> events)
    {
        (Books, Readers, Events) = (books, readers, events);
        Items = [.. books.Select(book => book.Item)];
        Customers = [.. readers.Select(reader => reader.Customer).OfType<Customer>()];
    }

    public IReadOnlyList<Item> Items { get; }

    public IReadOnlyList<Customer> Customers { get; }

    /// <summary>In the order of time.</summary>
    public IReadOnlyList<ShopEvent> Events { get; }

    /// <summary>The books with what the catalogue does not tell: their popularity.</summary>
    public IReadOnlyList<BookshopBook> Books { get; }

    /// <summary>The people with their tastes: the truth that a model is to find.</summary>
    public IReadOnlyList<BookshopReader> Readers { get; }

    public static Bookshop Generate(BookshopOptions options)
    {
        List<BookshopBook> books = new BookshopCatalogue(options).Generate();
        List<BookshopReader> readers = new BookshopReaders(options, books).Generate();
        return new Bookshop(books, readers, new BookshopVisits(options, books).Play(readers));
    }
}
