namespace Recommender.Cli.Demo;

/// <summary>What a reader's eye falls on: mostly the own shelf and the own authors, then what everybody buys, in its season.</summary>
internal sealed class BookshopShelves
{
    private const int Attempts = 8;
    private const double BusySeason = 1.5;

    private readonly Random _random;
    private readonly IReadOnlyList<BookshopBook> _books;
    private readonly Dictionary<BookshopSubgenre, (BookshopBook[] Books, BookshopLottery Lottery, BookshopGenre Genre)> _bySubgenre;
    private readonly Dictionary<string, BookshopBook[]> _byAuthor;
    private readonly BookshopLottery[] _bestsellers;

    public BookshopShelves(IReadOnlyList<BookshopBook> books, Random random)
    {
        (_books, _random) = (books, random);
        _bySubgenre = books.GroupBy(book => book.Subgenre).ToDictionary(group => group.Key,
            group => (group.ToArray(), new BookshopLottery([.. group.Select(book => book.Popularity)]), group.First().Genre));
        _byAuthor = books.GroupBy(book => book.Author)
            .ToDictionary(group => group.Key, group => group.OrderBy(book => book.Volume).ToArray());
        _bestsellers = [.. Enumerable.Range(0, 12).Select(month =>
            new BookshopLottery([.. books.Select(book => book.Popularity * book.Genre.Season[month])]))];
    }

    /// <summary>A book that is out on that day and that the reader does not own; null if the eye finds none.</summary>
    public BookshopBook? Pick(BookshopReader reader, DateTimeOffset day, HashSet<int> owned, bool gift)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            BookshopBook? book = Look(reader, day, owned, gift);
            if (book is null || book.Published > day || (!gift && owned.Contains(book.Number))) continue;
            // Out of season even a favourite shelf is passed by.
            if (_random.NextDouble() * BusySeason < book.Genre.Season[day.Month - 1]) return book;
        }
        return null;
    }

    private BookshopBook? Look(BookshopReader reader, DateTimeOffset day, HashSet<int> owned, bool gift) =>
        (gift ? 0.9 : _random.NextDouble()) switch
        {
            < 0.62 => FromFavourites(reader, day),
            < 0.80 => FromAuthor(reader, owned),
            < 0.95 => _books[_bestsellers[day.Month - 1].Draw(_random)],
            _ => _books[_random.Next(_books.Count)],
        };

    /// <summary>The first favourite most often, and each more in its season.</summary>
    private BookshopBook FromFavourites(BookshopReader reader, DateTimeOffset day)
    {
        var lottery = new BookshopLottery(
            [.. reader.Favourites.Select((favourite, i) => _bySubgenre[favourite].Genre.Season[day.Month - 1] / (i + 1))]);
        var (books, popularity, _) = _bySubgenre[reader.Favourites[lottery.Draw(_random)]];
        return books[popularity.Draw(_random)];
    }

    /// <summary>The next volume where the author writes a series, any other book otherwise.</summary>
    private BookshopBook? FromAuthor(BookshopReader reader, HashSet<int> owned)
    {
        if (reader.FavouriteAuthors.IsEmpty) return null;
        BookshopBook[] works = _byAuthor[reader.FavouriteAuthors[_random.Next(reader.FavouriteAuthors.Length)]];
        return works[0].Series is null ? works[_random.Next(works.Length)] : Array.Find(works, book => !owned.Contains(book.Number));
    }
}
