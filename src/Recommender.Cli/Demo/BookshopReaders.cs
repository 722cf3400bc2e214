using System.Collections.Immutable;
using System.Globalization;
using Recommender.Catalogue;
using Recommender.Cli.Importing;
using Recommender.Customers;

namespace Recommender.Cli.Demo;

/// <summary>Makes up the people: their tastes, how often they come, and whether the shop knows them.</summary>
internal sealed class BookshopReaders
{
    private static readonly ImmutableArray<string> _channels = ["web", "app", "store", "mail"];
    private static readonly ImmutableArray<string> _ageBands = ["18-24", "25-34", "35-44", "45-54", "55-64", "65+"];

    private readonly BookshopOptions _options;
    private readonly Random _random;
    private readonly ImmutableArray<BookshopSubgenre> _subgenres;
    private readonly BookshopLottery _subgenreShares;
    private readonly ILookup<BookshopSubgenre, BookshopBook> _shelves;

    public BookshopReaders(BookshopOptions options, IReadOnlyList<BookshopBook> books)
    {
        _options = options;
        _random = new Random(options.Seed + 1);
        _shelves = books.ToLookup(book => book.Subgenre);
        _subgenres = [.. BookshopGenre.All.SelectMany(genre => genre.Subgenres).Where(_shelves.Contains)];
        _subgenreShares = new BookshopLottery([.. _subgenres.Select(subgenre => _shelves[subgenre].Sum(book => book.Popularity))]);
    }

    public List<BookshopReader> Generate() =>
    [
        .. Enumerable.Range(1, _options.Customers).Select(Known),
        .. Enumerable.Range(1, _options.Visitors).Select(Unknown),
    ];

    private BookshopReader Known(int number)
    {
        double days = (_options.Today - _options.Opens).TotalDays;
        // A good third were there from the start, the others came one by one.
        DateTimeOffset first = _options.Opens.AddDays(_random.NextDouble() < 0.35 ? 0 : _random.NextDouble() * days * 0.92);
        bool wasAnonymous = _random.NextDouble() < 0.2;
        DateTimeOffset joined = wasAnonymous ? first.AddDays(_random.Next(5, 90)) : first;
        string id = string.Create(CultureInfo.InvariantCulture, $"reader-{number:0000}");
        var attributes = new Attributes()
            .Text("name", $"{Pick(BookshopNames.First)} {Pick(BookshopNames.Last)}").Text("town", Pick(BookshopNames.Towns))
            .Text("age_band", Pick(_ageBands)).Set("newsletter", new AttributeValue.Flag(_random.NextDouble() < 0.4))
            .Set("joined", new AttributeValue.Instant(joined));
        // Few come often, many seldom: the logarithm of the number of visits is normal.
        double visits = 9.5 * Math.Exp(0.85 * Normal() - 0.2) * (0.3 + 0.7 * (_options.Today - first).TotalDays / days);
        var (favourites, authors) = Taste(1 + _random.Next(3));
        return new BookshopReader(new Customer(id) { Attributes = attributes.Build() }, wasAnonymous ? $"device-{id}" : null, first, joined,
            Math.Clamp((int)visits, 1, 150), favourites, authors)
        {
            Channel = _channels[_random.NextDouble() switch { < 0.5 => 0, < 0.75 => 1, < 0.94 => 2, _ => 3 }],
            Rates = _random.NextDouble() < 0.3 ? 0.5 : 0.05,
            Returns = _random.NextDouble() < 0.1 ? 0.16 : 0.025,
        };
    }

    private BookshopReader Unknown(int number)
    {
        DateTimeOffset first = _options.Opens.AddDays(_random.NextDouble() * (_options.Today - _options.Opens).TotalDays * 0.98);
        var (favourites, authors) = Taste(1);
        return new BookshopReader(null, string.Create(CultureInfo.InvariantCulture, $"visitor-{number:00000}"), first, _options.Today,
            _random.NextDouble() < 0.2 ? 2 : 1, favourites, authors)
        {
            Channel = _random.NextDouble() < 0.8 ? "web" : "app",
        };
    }

    /// <summary>Favourite subgenres, the second often from the shelf next to the first, and authors of those.</summary>
    private (ImmutableArray<BookshopSubgenre>, ImmutableArray<string>) Taste(int count)
    {
        var favourites = new List<BookshopSubgenre>();
        while (favourites.Count < count)
        {
            BookshopSubgenre next = favourites.Count > 0 && _random.NextDouble() < 0.45
                ? Sibling(favourites[0])
                : _subgenres[_subgenreShares.Draw(_random)];
            if (!favourites.Contains(next)) favourites.Add(next);
            else if (favourites.Count == _subgenres.Length) break;
        }
        string[] authors = [.. favourites.Take(1 + _random.Next(3)).Select(favourite =>
        {
            BookshopBook[] shelf = [.. _shelves[favourite]];
            return shelf[new BookshopLottery([.. shelf.Select(book => book.Popularity)]).Draw(_random)].Author;
        }).Distinct()];
        return ([.. favourites], [.. authors]);
    }

    private BookshopSubgenre Sibling(BookshopSubgenre of)
    {
        var siblings = BookshopGenre.All.First(genre => genre.Subgenres.Contains(of)).Subgenres;
        BookshopSubgenre sibling = siblings[_random.Next(siblings.Length)];
        return _shelves.Contains(sibling) ? sibling : _subgenres[_subgenreShares.Draw(_random)];
    }

    private string Pick(ImmutableArray<string> from) => from[_random.Next(from.Length)];

    // Box and Muller, 1958.
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
