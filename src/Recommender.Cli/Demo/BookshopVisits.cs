using System.Globalization;
using Recommender.Interactions;

namespace Recommender.Cli.Demo;

/// <summary>Plays the shop's two years: who comes when, looks at what, buys, rates and sends back.</summary>
internal sealed class BookshopVisits
{
    private readonly BookshopOptions _options;
    private readonly Random _random;
    private readonly BookshopShelves _shelves;
    private readonly BookshopLottery _hours = new(BookshopCalendar.Hours);
    private readonly DateTimeOffset[] _days;
    private readonly double[] _traffic;
    private readonly List<ShopEvent> _events = [];

    public BookshopVisits(BookshopOptions options, IReadOnlyList<BookshopBook> books)
    {
        _options = options;
        _random = new Random(options.Seed + 2);
        _shelves = new BookshopShelves(books, _random);
        _days = [.. Enumerable.Range(0, (int)(options.Today - options.Opens).TotalDays).Select(day => options.Opens.AddDays(day))];
        _traffic = [.. _days.Select(BookshopCalendar.Traffic)];
    }

    public List<ShopEvent> Play(IEnumerable<BookshopReader> readers)
    {
        foreach (BookshopReader reader in readers) Play(reader);
        _events.RemoveAll(happened => happened.OccurredAt >= _options.Today);
        _events.Sort((a, b) => a.OccurredAt.CompareTo(b.OccurredAt) is var order and not 0
            ? order
            : string.CompareOrdinal(a.EventId, b.EventId));
        return _events;
    }

    private void Play(BookshopReader reader)
    {
        int firstDay = Math.Clamp((int)(reader.FirstVisit - _options.Opens).TotalDays, 0, _days.Length - 1);
        var calendar = new BookshopLottery(new ArraySegment<double>(_traffic, firstDay, _traffic.Length - firstDay));
        var diary = new BookshopDiary(reader, _events);
        List<DateTimeOffset> visits = [.. Enumerable.Range(0, reader.Visits).Select(visit =>
        {
            DateTimeOffset day = _days[firstDay + (visit == 0 && firstDay > 0 ? 0 : calendar.Draw(_random))];
            return day.AddHours(_hours.Draw(_random)).AddSeconds(_random.Next(3000));
        }).Order()];
        foreach (DateTimeOffset visit in visits) Play(reader, diary, visit);
    }

    private void Play(BookshopReader reader, BookshopDiary diary, DateTimeOffset start)
    {
        string channel = _random.NextDouble() < 0.8 ? reader.Channel : _random.NextDouble() < 0.6 ? "web" : "store";
        bool gift = start.Month == 12 && _random.NextDouble() < 0.35;
        DateTimeOffset now = start;
        var seen = new List<BookshopBook>();
        for (int looks = 1 + _random.Next(6); looks > 0; looks--)
        {
            if (_shelves.Pick(reader, start, diary.Owned, gift) is not { } book || seen.Contains(book)) continue;
            seen.Add(book);
            now = now.AddSeconds(20 + _random.Next(160));
            // Nobody counts what is leafed through in the store.
            if (channel != "store") diary.Look(EventTypes.View, book, now, channel);
            if (channel != "store" && _random.NextDouble() < 0.03) diary.Look(EventTypes.Like, book, now.AddSeconds(8), channel);
        }
        double buys = reader.Customer is null ? 0.05 : channel == "store" ? 0.75 : 0.42;
        List<BookshopBook> basket = [.. seen.Take(1 + (_random.NextDouble() < 0.35 ? 1 + _random.Next(3) : 0))];
        if (basket.Count == 0) return;
        bool bought = _random.NextDouble() < buys;
        if (channel != "store" && (bought || _random.NextDouble() < 0.12))
            foreach (BookshopBook book in basket) diary.Look(EventTypes.CartAdd, book, now = now.AddSeconds(15), channel);
        if (bought) Buy(reader, diary, basket, now.AddSeconds(90), channel, gift);
        else if (_random.NextDouble() < 0.02) diary.Look(EventTypes.Hide, basket[0], now.AddSeconds(5), channel);
    }

    private void Buy(BookshopReader reader, BookshopDiary diary, List<BookshopBook> basket, DateTimeOffset now, string channel, bool gift)
    {
        string order = string.Create(CultureInfo.InvariantCulture, $"order-{reader.At(now).Id}-{now:yyMMddHHmm}");
        foreach (BookshopBook book in basket)
        {
            int copies = gift && _random.NextDouble() < 0.1 ? 2 : 1;
            diary.Buy(book, now, channel, order, copies);
            if (!gift) diary.Owned.Add(book.Number);
            bool fits = reader.Favourites.Contains(book.Subgenre) || reader.FavouriteAuthors.Contains(book.Author);
            if (_random.NextDouble() < reader.Returns * (fits ? 0.7 : 1.8))
                diary.Return(now.AddDays(3 + _random.Next(20)).AddMinutes(_random.Next(600)));
            else if (!gift && _random.NextDouble() < reader.Rates)
                diary.Rate(book, now.AddDays(4 + _random.Next(40)).AddMinutes(_random.Next(600)), Stars(fits));
        }
    }

    private int Stars(bool fits)
    {
        double stars = (fits ? 4.3 : 3.1) + (_random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5) * 1.8;
        return Math.Clamp((int)Math.Round(stars), 1, 5);
    }
}
