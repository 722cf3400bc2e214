using System.Collections.Immutable;
using Recommender.Interactions;

namespace Recommender.Customers;

/// <summary>Purchases that belong together, with what came back of them.</summary>
/// <param name="OrderId">The shop's id; without one, purchases of one moment on one channel are an order, and this is empty.</param>
public sealed record Order(string OrderId, DateTimeOffset At, string Channel, ImmutableArray<OrderLine> Lines)
{
    /// <summary>What was paid for what was kept, by currency; lines without a price add nothing.</summary>
    public ImmutableSortedDictionary<string, decimal> Totals => Lines.Where(line => line is { Price: not null, Currency: not null })
        .GroupBy(line => line.Currency!, StringComparer.Ordinal)
        .ToImmutableSortedDictionary(lines => lines.Key, lines => lines.Sum(line => line.Price!.Value * (decimal)(line.Quantity - line.Returned)), StringComparer.Ordinal);

    /// <summary>A person's orders, newest first. Returns are taken from the newest purchases of their item, within their order where they name one.</summary>
    /// <param name="events">In log order, undo events included.</param>
    public static ImmutableArray<Order> Of(IReadOnlyList<ShopEvent> events)
    {
        var standing = StandingEvents.Of(events);
        var lines = standing.Where(happened => happened.Type == EventTypes.Purchase)
            .Select(happened => new Line(happened)).OrderBy(line => line.Purchase.OccurredAt).ToList();
        foreach (ShopEvent back in standing.Where(happened => happened.Type == EventTypes.Return)) TakeBack(lines, back);
        return
        [
            .. lines.GroupBy(line => line.Purchase.OrderId is { } id ? (id, default) : ("", (line.Purchase.OccurredAt, line.Purchase.Channel)))
                .Select(group => new Order(group.Key.Item1, group.First().Purchase.OccurredAt, group.First().Purchase.Channel ?? "", [.. group.Select(line => line.AsOrderLine)]))
                .OrderByDescending(order => order.At).ThenBy(order => order.OrderId, StringComparer.Ordinal),
        ];
    }

    private static void TakeBack(List<Line> lines, ShopEvent back)
    {
        double left = back.Quantity;
        for (int i = lines.Count - 1; i >= 0 && left > 0; i--)
        {
            Line line = lines[i];
            if (line.Purchase.ItemId != back.ItemId || line.Purchase.OccurredAt > back.OccurredAt) continue;
            if (back.OrderId is not null && line.Purchase.OrderId != back.OrderId) continue;
            double taken = Math.Min(left, line.Purchase.Quantity - line.Returned);
            line.Returned += taken;
            left -= taken;
        }
    }

    private sealed class Line(ShopEvent purchase)
    {
        public ShopEvent Purchase { get; } = purchase;

        public double Returned { get; set; }

        public OrderLine AsOrderLine => new(Purchase.EventId, Purchase.ItemId!, Purchase.Quantity, Returned, Purchase.Price, Purchase.Currency, Purchase.IsGift);
    }
}

/// <param name="Price">Of one unit.</param>
/// <param name="Returned">Units that came back.</param>
public sealed record OrderLine(string EventId, string ItemId, double Quantity, double Returned, decimal? Price, string? Currency, bool IsGift);
