using System.Collections.Immutable;
using System.Globalization;
using Recommender.Catalogue;
using Recommender.Cli.Importing;

namespace Recommender.Cli.Demo;

/// <summary>Makes up the books: shelves by the genres' shares, authors who wrote several, series, prices and years.</summary>
internal sealed class BookshopCatalogue
{
    private const double PopularityExponent = 0.85;
    private const int BooksAnAuthor = 4;

    private readonly Random _random;
    private readonly BookshopTitles _titles;
    private readonly HashSet<string> _authors = [];
    private readonly BookshopOptions _options;

    public BookshopCatalogue(BookshopOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
        _titles = new BookshopTitles(_random);
    }

    public List<BookshopBook> Generate()
    {
        int[] ranks = [.. Enumerable.Range(1, _options.Books)];
        _random.Shuffle(ranks);
        var shelves = BookshopGenre.All
            .SelectMany(genre => genre.Subgenres, (genre, subgenre) => (genre, subgenre, share: genre.Share / genre.Subgenres.Length))
            .ToList();
        double shares = shelves.Sum(shelf => shelf.share), before = 0;
        var books = new List<BookshopBook>(_options.Books);
        foreach (var (genre, subgenre, share) in shelves)
        {
            // Cumulative rounding: the shelves together hold exactly the books asked for.
            before += share;
            int count = (int)Math.Round(_options.Books * before / shares) - books.Count;
            foreach (var (author, series, volume, published) in Writings(subgenre, count))
            {
                double popularity = Math.Pow(ranks[books.Count] + 2, -PopularityExponent);
                books.Add(Book(books.Count + 1, genre, subgenre, author, series, volume, published, popularity));
            }
        }
        return books;
    }

    /// <summary>Who wrote the books of a shelf and when: few authors wrote much. The books of a series follow each other.</summary>
    private IEnumerable<(string Author, BookshopSeries? Series, int Volume, DateTimeOffset Published)> Writings(
        BookshopSubgenre subgenre, int count)
    {
        string[] authors = [.. Enumerable.Range(0, Math.Max(2, count / BooksAnAuthor)).Select(_ => NewAuthor())];
        var shares = new BookshopLottery([.. authors.Select((_, i) => 1.0 / (i + 1.5))]);
        var works = Enumerable.Range(0, count).Select(_ => shares.Draw(_random)).CountBy(author => author).OrderBy(pair => pair.Key);
        foreach (var (author, number) in works)
        {
            BookshopSeries? series = number >= 3 ? _titles.NextSeries(subgenre) : null;
            List<DateTimeOffset> published = [.. Enumerable.Range(0, number).Select(_ => Published()).Order()];
            for (int i = 0; i < published.Count; i++)
                yield return (authors[author], series, series is null ? 0 : i + 1, published[i]);
        }
    }

    private BookshopBook Book(int number, BookshopGenre genre, BookshopSubgenre subgenre, string author, BookshopSeries? series, int volume,
        DateTimeOffset published, double popularity)
    {
        bool hardcover = _random.NextDouble() < 0.25;
        double position = hardcover ? 0.6 + 0.4 * _random.NextDouble() : 0.7 * _random.NextDouble();
        double euros = genre.Cheapest + (genre.Dearest - genre.Cheapest) * position;
        decimal price = Math.Floor((decimal)euros) + (_random.Next(3) == 0 ? 0.50m : 0.99m);
        string id = string.Create(CultureInfo.InvariantCulture, $"book-{number:0000}");
        var attributes = new Attributes()
            .Text("title", _titles.Next(subgenre, series)).List("authors", [author])
            .Text("genre", genre.Name).Text("subgenre", subgenre.Name)
            .Text("series", series?.Name).Number("volume", volume > 0 ? volume : null)
            .Number("year", published.Year).Set("published", new AttributeValue.Instant(published))
            .Number("price", (double)price).Text("currency", Bookshop.Currency)
            .Text("language", genre.Language).Text("format", hardcover ? "hardcover" : "paperback")
            .Number("pages", _random.Next(12, 56) * 8).Text("publisher", Pick(BookshopNames.Publishers));
        var item = new Item(id) { Attributes = attributes.Build() };
        return new BookshopBook(number, item, genre, subgenre, author, series?.Name, volume, price, published, popularity);
    }

    // Most books are a few years old, some are classics, one in seven appears while the shop is open.
    private DateTimeOffset Published()
    {
        double days = (_options.Today - _options.Opens).TotalDays;
        bool isNew = _random.NextDouble() < 0.14;
        double age = isNew ? 20 + _random.NextDouble() * days * 0.9 : days + 365 * 28 * Math.Pow(_random.NextDouble(), 1.7);
        return _options.Today.AddDays(-Math.Floor(age));
    }

    private string NewAuthor()
    {
        while (true)
        {
            string name = $"{Pick(BookshopNames.First)} {Pick(BookshopNames.Last)}";
            if (_authors.Add(name)) return name;
        }
    }

    private string Pick(ImmutableArray<string> from) => from[_random.Next(from.Length)];
}
