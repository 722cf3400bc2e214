using System.Globalization;
using Recommender.Interactions;

namespace Recommender.Cli.Demo;

/// <summary>Writes down what one reader does; each event has the reader's name and the next number as its id.</summary>
internal sealed class BookshopDiary(BookshopReader reader, List<ShopEvent> events)
{
    private readonly string _name = reader.Customer?.Id ?? reader.Visitor!;
    private int _number;

    /// <summary>The numbers of the books the reader has at home.</summary>
    public HashSet<int> Owned { get; } = [];

    public void Look(string type, BookshopBook book, DateTimeOffset at, string channel) => events.Add(Entry(type, book, at, channel));

    public void Rate(BookshopBook book, DateTimeOffset at, int stars) =>
        events.Add(Entry(EventTypes.Rating, book, at, "web") with { Rating = stars });

    public void Buy(BookshopBook book, DateTimeOffset at, string channel, string order, int copies) =>
        events.Add(Entry(EventTypes.Purchase, book, at, channel) with
        {
            OrderId = order,
            Quantity = copies,
            Price = book.Price,
            Currency = Bookshop.Currency,
        });

    /// <summary>Sends back what was bought last, as the person who bought it.</summary>
    public void Return(DateTimeOffset at) =>
        events.Add(events[^1] with { EventId = NextId(), Type = EventTypes.Return, OccurredAt = at });

    private ShopEvent Entry(string type, BookshopBook book, DateTimeOffset at, string channel) => new()
    {
        EventId = NextId(),
        Type = type,
        Person = reader.At(at),
        ItemId = book.Item.Id,
        Channel = channel,
        OccurredAt = at,
    };

    private string NextId() => string.Create(CultureInfo.InvariantCulture, $"{_name}-{++_number}");
}
