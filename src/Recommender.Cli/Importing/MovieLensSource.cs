using System.Globalization;
using System.Text;
using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Cli.Importing;

/// <summary>MovieLens 100K: stars with their times, films with genres, and who the viewers are. Titles are Latin-1.</summary>
internal static class MovieLensSource
{
    public static readonly ImportSource Source = new("movielens", "MovieLens 100K: films, viewers and their stars",
        [
            new("u.item", "id|title|release date|...|a column a genre"), new("u.genre", "name|number"),
            new("u.user", "id|age|gender|occupation|zip"), new("u.data", "user, item, rating, timestamp"),
        ], Read);

    private static readonly DelimitedFormat _bars = new('|') { Quoted = false, Encoding = Encoding.Latin1 };

    private static IEnumerable<ImportRecord> Read(SourceFiles files, ImportOptions options) =>
        Films(files).Concat(Viewers(files)).Concat(Ratings(files, options));

    private static IEnumerable<ImportRecord> Films(SourceFiles files)
    {
        string[] genres = Genres(files);
        var format = _bars with { Columns = ["id", "title", "release_date", "video_date", "url", .. genres] };
        using var file = new DelimitedFile(files, "u.item", format);
        foreach (DelimitedRow row in file.Rows())
        {
            var (title, year) = TitleAndYear(row.Text(1));
            var attributes = new Attributes().Text("title", title).Number("year", year).Text("url", row.Text(4))
                .List("genres", genres.Where((genre, i) => genre != "unknown" && row.Span(5 + i) is "1"));
            if (DateOnly.TryParseExact(row.Span(2), "dd-MMM-yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var released))
                attributes.Set("released", new AttributeValue.Instant(new DateTimeOffset(released, TimeOnly.MinValue, TimeSpan.Zero)));
            var item = new Item(row.Id(0)) { Attributes = attributes.Build() };
            yield return row.Rejection ?? (ImportRecord)new ItemRecord(row.Place, item);
        }
    }

    private static string[] Genres(SourceFiles files)
    {
        using var file = new DelimitedFile(files, "u.genre", _bars with { Columns = ["name", "number"] });
        return [.. file.Rows().Where(row => row.Rejection is null).Select(row => row.Text(0))];
    }

    private static IEnumerable<ImportRecord> Viewers(SourceFiles files)
    {
        using var file = new DelimitedFile(files, "u.user", _bars with { Columns = ["id", "age", "gender", "occupation", "zip"] });
        foreach (DelimitedRow row in file.Rows())
        {
            // Some copies of the file have a line of names, the original has none.
            if (row.Place.Line == 1 && row.Span(0) is "id") continue;
            var customer = new Customer(row.Id(0))
            {
                Attributes = new Attributes().Number("age", row.Number(1)).Text("gender", row.Text(2)).Text("occupation", row.Text(3))
                    .Text("zip", row.Text(4)).Build(),
            };
            yield return row.Rejection ?? (ImportRecord)new CustomerRecord(row.Place, customer);
        }
    }

    private static IEnumerable<ImportRecord> Ratings(SourceFiles files, ImportOptions options)
    {
        var format = new DelimitedFormat('\t') { Quoted = false, Columns = ["user", "item", "rating", "timestamp"] };
        using var file = new DelimitedFile(files, "u.data", format);
        foreach (DelimitedRow row in file.Rows())
        {
            string viewer = row.Id(0), film = row.Id(1);
            var rating = new ShopEvent
            {
                EventId = $"movielens:{viewer}:{film}",
                Type = EventTypes.Rating,
                Person = Person.Customer(viewer),
                ItemId = film,
                Rating = row.Required(2, row.Rating(2)),
                OccurredAt = row.Required(3, row.Moment(3, TimeFormat.Seconds, options.LatestAllowed)),
            };
            yield return row.Rejection ?? (ImportRecord)new EventRecord(row.Place, rating);
        }
    }

    /// <summary>"Toy Story (1995)" is the film Toy Story of 1995.</summary>
    private static (string Title, double? Year) TitleAndYear(string text) =>
        text is [.., ' ', '(', _, _, _, _, ')'] && int.TryParse(text.AsSpan(text.Length - 5, 4), out int year)
            ? (text[..^7], year)
            : (text, null);
}
