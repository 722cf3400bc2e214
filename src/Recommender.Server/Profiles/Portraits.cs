using Google.Protobuf.WellKnownTypes;
using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Protocol.V1;
using Recommender.Server.Ingest;
using Recommender.Server.Questionnaires;
using Recommender.Server.Relationships;
using AnswerKind = Recommender.Questionnaires.AnswerKind;
using Customer = Recommender.Customers.Customer;
using Order = Recommender.Customers.Order;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Profiles;

/// <summary>Everything known of a customer, put together from events, profile and links at the moment it is asked for.</summary>
internal sealed class Portraits(Shop shop, TimeProvider time)
{
    private const int ValuesAnAttribute = 5;
    private static readonly TimeSpan _shownKept = TimeSpan.FromDays(30);

    /// <summary>Null where nothing at all is known of the id.</summary>
    public async Task<CustomerPortrait?> OfAsync(string customerId, int most, CancellationToken cancellation)
    {
        var circle = await shop.Identities.OfAsync(Person.Customer(customerId), cancellation);
        var stored = await shop.Profiles.FindAsync(circle.Root.Id, cancellation);
        var events = await shop.Circles.OfAsync(circle, cancellation);
        if (stored is null && events.Count == 0 && circle.IsAlone) return null;

        var standing = StandingEvents.Of(events);
        var orders = Order.Of(events);
        var portrait = new CustomerPortrait
        {
            Customer = CustomerMapping.ToWire(stored ?? new Customer(circle.Root.Id)),
            LinkedCustomerIds = { circle.People.Skip(1).Where(person => person.Kind == PersonKind.Customer).Select(person => person.Id) },
            LinkedVisitorIds = { circle.People.Where(person => person.Kind == PersonKind.Visitor).Select(person => person.Id) },
            OrdersTotal = orders.Length,
        };
        if (standing.Count > 0)
        {
            portrait.FirstSeen = Timestamp.FromDateTimeOffset(standing.Min(happened => happened.OccurredAt));
            portrait.LastSeen = Timestamp.FromDateTimeOffset(standing.Max(happened => happened.OccurredAt));
        }
        var shelves = shop.Live.Now.Shelves;
        portrait.Answers.AddRange(StandingAnswers(StandingEvents.InLogOrder(events)).Select(happened => ToStatedAnswer(happened, shop.Questionnaires.Meanings, shelves)));
        portrait.Tastes.AddRange(TasteInWords.Of(shop.HistoryOf(events, shop.Live.Current), shelves.Find, ValuesAnAttribute).Select(ToWire));
        portrait.Orders.AddRange(orders.Take(most).Select(order => ToWire(order, id => shelves.Find(id)?.Title ?? "")));
        foreach (var currency in orders.SelectMany(order => order.Totals).GroupBy(total => total.Key, StringComparer.Ordinal))
            portrait.Spent.Add(currency.Key, (double)currency.Sum(total => total.Value));
        portrait.Channels.AddRange(standing.GroupBy(happened => happened.Channel ?? "", StringComparer.Ordinal).OrderBy(channel => channel.Key, StringComparer.Ordinal).Select(ToActivity));
        portrait.Events.AddRange(standing.Reverse().Take(most).Select(EventMapping.ToWire));
        portrait.Reviews.AddRange(standing.Where(happened => happened.Type is EventTypes.Review or EventTypes.Rating).Reverse().Take(most).Select(ToReview));
        foreach (var person in circle.People)
        {
            var shown = await shop.Served.ShownToAsync(person, time.GetUtcNow() - _shownKept, most, cancellation);
            portrait.Recommendations.AddRange(shown.Where(one => circle.Map.OwnerOf(person, one.ServedAt) == circle.Root).Select(one => new ShownRecommendation
            {
                RecommendationId = one.RecommendationId,
                At = Timestamp.FromDateTimeOffset(one.ServedAt),
                Scenario = one.Scenario,
                ItemIds = { one.Items.Select(item => item.ItemId) },
            }));
        }
        if (await shop.Relationships.WorkOutAsync(circle, events, cancellation) is { } relationship)
        {
            portrait.LifeCycle = RelationshipMapping.ToPosition(relationship, shop.Relationships.Rules);
            portrait.Satisfaction = RelationshipMapping.ToWire(relationship.Satisfaction);
            portrait.Intensity = RelationshipMapping.ToWire(relationship.Intensity);
        }
        return portrait;
    }

    /// <summary>Everything kept, as one JSON document.</summary>
    public async Task<string> ExportAsync(string customerId, CancellationToken cancellation)
    {
        var portrait = await OfAsync(customerId, int.MaxValue, cancellation) ?? new CustomerPortrait { Customer = new Wire.Customer { CustomerId = customerId } };
        return new Google.Protobuf.JsonFormatter(Google.Protobuf.JsonFormatter.Settings.Default.WithIndentation()).Format(portrait);
    }

    /// <summary>Of every question the answer that stands, newest first.</summary>
    public static IEnumerable<ShopEvent> StandingAnswers(IReadOnlyList<ShopEvent> standing) => standing
        .Where(happened => happened.Answer is { Kind: not AnswerKind.Skipped })
        .GroupBy(happened => (happened.Answer!.QuestionnaireId, happened.Answer.QuestionId))
        .Select(answers => answers.Last())
        .Where(happened => happened.Answer!.Kind != AnswerKind.Withdrawn)
        .Reverse();

    private static StatedAnswer ToStatedAnswer(ShopEvent happened, AnswerMeanings meanings, Shelves shelves) => new()
    {
        QuestionnaireId = happened.Answer!.QuestionnaireId,
        Version = happened.Answer.Version,
        QuestionId = happened.Answer.QuestionId,
        Question = meanings.QuestionOf(happened.Answer),
        Answer = meanings.InWords(happened.Answer, shelves),
        Declined = happened.Answer.Kind == AnswerKind.Declined,
        At = Timestamp.FromDateTimeOffset(happened.OccurredAt),
        Source = happened.Answer.Source,
        EventId = happened.EventId,
    };

    private static ObservedTaste ToWire(TasteWord word) => new()
    {
        Attribute = word.Attribute,
        Value = word.Value,
        Weight = word.Weight,
        Items = word.Items,
        LastSeen = Timestamp.FromDateTimeOffset(word.LastAt),
    };

    private static Wire.Order ToWire(Order order, Func<string, string> title)
    {
        var wire = new Wire.Order { OrderId = order.OrderId, At = Timestamp.FromDateTimeOffset(order.At), Channel = order.Channel };
        foreach (var line in order.Lines)
        {
            var wireLine = new Wire.OrderLine
            {
                EventId = line.EventId,
                ItemId = line.ItemId,
                Title = title(line.ItemId),
                Quantity = line.Quantity,
                Returned = line.Returned,
                Currency = line.Currency ?? "",
                Gift = line.IsGift,
            };
            if (line.Price is { } price) wireLine.Price = (double)price;
            wire.Lines.Add(wireLine);
        }
        foreach (var (currency, total) in order.Totals) wire.Totals.Add(currency, (double)total);
        return wire;
    }

    private static ChannelActivity ToActivity(IGrouping<string, ShopEvent> channel)
    {
        var wire = new ChannelActivity { Channel = channel.Key, LastAt = Timestamp.FromDateTimeOffset(channel.Max(happened => happened.OccurredAt)) };
        foreach (var type in channel.GroupBy(happened => happened.Type, StringComparer.Ordinal)) wire.Events.Add(type.Key, type.Count());
        return wire;
    }

    private static Review ToReview(ShopEvent happened)
    {
        var wire = new Review { EventId = happened.EventId, ItemId = happened.ItemId ?? "", Text = happened.Text ?? "", At = Timestamp.FromDateTimeOffset(happened.OccurredAt) };
        if (happened.Rating is { } stars) wire.Rating = stars;
        return wire;
    }
}
