using Recommender.Catalogue;
using Recommender.Interactions;

namespace Recommender.Cli.Importing;

/// <summary>
/// Goodbooks-10k: books and stars. Ratings carry no time, so each gets the options' time for what has none; a reader who rated one book
/// twice has two events, told apart by an ordinal.
/// </summary>
internal static class GoodbooksSource
{
    public static readonly ImportSource Source = new("goodbooks", "Goodbooks-10k: books, their authors and the stars readers gave",
        [new("books.csv", "book_id, title, authors, ..."), new("ratings.csv", "book_id, user_id, rating")], Read);

    private static IEnumerable<ImportRecord> Read(SourceFiles files, ImportOptions options) => Books(files).Concat(Ratings(files, options));

    private static IEnumerable<ImportRecord> Books(SourceFiles files)
    {
        using var file = new DelimitedFile(files, "books.csv", DelimitedFormat.Csv);
        int id = file.Column("book_id"), title = file.Column("title"), authors = file.Column("authors");
        int year = file.Find("original_publication_year"), language = file.Find("language_code"), isbn = file.Find("isbn");
        int average = file.Find("average_rating"), count = file.Find("ratings_count"), image = file.Find("image_url");
        foreach (DelimitedRow row in file.Rows())
        {
            var item = new Item(row.Id(id))
            {
                Attributes = new Attributes()
                    .Text("title", row.Text(title)).List("authors", row.Text(authors).Split(','))
                    .Number("year", row.Number(year)).Text("language", row.Text(language)).Text("isbn", row.Text(isbn))
                    .Number("average_rating", row.Number(average)).Number("ratings_count", row.Number(count))
                    .Text("image_url", row.Text(image)).Build(),
            };
            yield return row.Rejection ?? (ImportRecord)new ItemRecord(row.Place, item);
        }
    }

    private static IEnumerable<ImportRecord> Ratings(SourceFiles files, ImportOptions options)
    {
        using var file = new DelimitedFile(files, "ratings.csv", DelimitedFormat.Csv);
        int book = file.Column("book_id"), user = file.Column("user_id"), rating = file.Column("rating");
        // The file is sorted by book: repeats can only lie within the current one.
        var repeats = new Repeats();
        foreach (DelimitedRow row in file.Rows())
        {
            string item = row.Id(book), customer = row.Id(user);
            double stars = row.Required(rating, row.Rating(rating));
            if (row.Rejection is { } rejection)
            {
                yield return rejection;
                continue;
            }
            yield return new EventRecord(row.Place, new ShopEvent
            {
                EventId = $"goodbooks:{customer}:{item}{repeats.Suffix(group: item, customer)}",
                Type = EventTypes.Rating,
                Person = Person.Customer(customer),
                ItemId = item,
                Rating = stars,
                OccurredAt = options.UnstatedTime,
            });
        }
    }
}
