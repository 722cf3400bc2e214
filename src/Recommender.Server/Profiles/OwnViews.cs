using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Recommender.Catalogue;
using Recommender.Interactions;
using Recommender.Protocol.V1;
using Recommender.Server.Catalogue;
using Recommender.Server.Errors;
using Recommender.Server.Questionnaires;
using AttributeValue = Recommender.Catalogue.AttributeValue;
using Customer = Recommender.Customers.Customer;
using Statement = Recommender.Customers.Statement;

namespace Recommender.Server.Profiles;

/// <summary>What a customer may read, correct and have forgotten: every single fact, with an id that says what it is.</summary>
internal sealed class OwnViews(Shop shop, TimeProvider time)
{
    private const int PageSize = 1000;
    private const string AttributeFact = "attribute:";
    private const string DateFact = "date:";
    private const string ConsentFact = "consent:";
    private const string EventFact = "event:";

    public async Task<OwnView> OfAsync(string customerId, string? afterFactId, CancellationToken cancellation)
    {
        shop.Erased.ThrowIfErased(Person.Customer(customerId));
        var circle = await shop.Identities.OfAsync(Person.Customer(customerId), cancellation);
        var customer = await shop.Profiles.FindAsync(circle.Root.Id, cancellation) ?? new Customer(circle.Root.Id);
        var events = StandingEvents.Of(await shop.Circles.OfAsync(circle, cancellation));
        var shelves = shop.Live.Now.Shelves;
        var facts = Stated(customer).Concat(events.Reverse().Select(happened => Happened(happened, shelves, shop.Questionnaires.Meanings)));
        if (afterFactId is not null) facts = facts.SkipWhile(fact => fact.FactId != afterFactId).Skip(1);
        var page = facts.Take(PageSize + 1).ToArray();
        return new OwnView { Facts = { page.Take(PageSize) }, NextPageToken = page.Length > PageSize ? PageToken.After(page[PageSize - 1].FactId) : "" };
    }

    /// <exception cref="RefusedException">No such fact, or one that is not corrected this way.</exception>
    public async Task CorrectAsync(CorrectFactRequest request, DateOnly today, CancellationToken cancellation)
    {
        var check = new RequestCheck();
        check.Id("customer_id", request.CustomerId);
        string fact = request.FactId;
        bool attribute = fact.StartsWith(AttributeFact, StringComparison.Ordinal), date = fact.StartsWith(DateFact, StringComparison.Ordinal);
        if (!attribute && !date) check.Add("fact_id", $"is \"{fact}\"; attributes and dates are corrected here, answers by answering anew, and what happened can be forgotten");
        if (attribute && request.ValueCase != CorrectFactRequest.ValueOneofCase.Attribute) check.Add("attribute", "is missing; give the right value");
        if (date && request.ValueCase != CorrectFactRequest.ValueOneofCase.Date) check.Add("date", "is missing; give the right day");
        check.ThrowIfAny();
        string name = fact[(fact.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var value = attribute ? ItemMapping.FromWire(name, request.Attribute, "attribute", check) : null;
        var day = date ? CustomerMapping.Date(name, request.Date, "date", today, check) : default;
        check.ThrowIfAny();
        var circle = await shop.Identities.OfAsync(Person.Customer(request.CustomerId), cancellation);
        var statement = new Statement("customer", time.GetUtcNow(), 1);
        await shop.Profiles.ChangeAsync(circle.Root.Id, customer =>
        {
            bool known = attribute ? customer.Attributes.ContainsKey(name) : customer.Dates.ContainsKey(name);
            if (!known) throw RefusedException.NotFound("fact", fact, Stated(customer).Select(one => one.FactId));
            return attribute
                ? customer with { Attributes = customer.Attributes.SetItem(name, value!), Statements = customer.Statements.SetItem(name, statement) }
                : customer with { Dates = customer.Dates.SetItem(name, day), Statements = customer.Statements.SetItem(Customer.StatementOfDate(name), statement) };
        }, cancellation);
    }

    /// <exception cref="RefusedException">A fact that there is not; nothing is forgotten then.</exception>
    public async Task ForgetAsync(string customerId, IReadOnlyCollection<string> factIds, CancellationToken cancellation)
    {
        var circle = await shop.Identities.OfAsync(Person.Customer(customerId), cancellation);
        var customer = await shop.Profiles.FindAsync(circle.Root.Id, cancellation) ?? new Customer(circle.Root.Id);
        var events = (await shop.Circles.OfAsync(circle, cancellation)).ToDictionary(happened => EventFact + happened.EventId, StringComparer.Ordinal);
        var stated = Stated(customer).Select(fact => fact.FactId).ToHashSet(StringComparer.Ordinal);
        if (factIds.FirstOrDefault(fact => !stated.Contains(fact) && !events.ContainsKey(fact)) is { } unknown)
            throw RefusedException.NotFound("fact", unknown, stated.Concat(events.Keys).Take(10_000));

        string[] attributes = Names(factIds, AttributeFact), dates = Names(factIds, DateFact), consents = Names(factIds, ConsentFact);
        if (attributes.Length + dates.Length + consents.Length > 0)
        {
            await shop.Profiles.ChangeAsync(circle.Root.Id, before => before with
            {
                Attributes = before.Attributes.RemoveRange(attributes),
                Statements = before.Statements.RemoveRange(attributes.Concat(dates.Select(Customer.StatementOfDate))),
                Dates = before.Dates.RemoveRange(dates),
                Consents = [.. before.Consents.Where(consent => !consents.Contains($"{consent.Purpose}:{consent.Channel}"))],
            }, cancellation);
        }
        foreach (var person in factIds.Where(events.ContainsKey).Select(fact => events[fact]).GroupBy(happened => happened.Person))
            await shop.Forgetting.EventsAsync(person.Key, [.. person.Select(happened => happened.EventId)], cancellation);
    }

    private static string[] Names(IEnumerable<string> factIds, string kind) =>
        [.. factIds.Where(fact => fact.StartsWith(kind, StringComparison.Ordinal)).Select(fact => fact[kind.Length..])];

    private static IEnumerable<KnownFact> Stated(Customer customer)
    {
        foreach (var (name, value) in customer.Attributes)
            yield return Stated(AttributeFact + name, $"{name}: {InWords(value)}", customer.Statements.GetValueOrDefault(name));
        foreach (var (name, date) in customer.Dates)
            yield return Stated(DateFact + name, $"{name}: {CustomerMapping.ToText(date)}", customer.Statements.GetValueOrDefault(Customer.StatementOfDate(name)));
        foreach (var consent in customer.Consents.Reverse().DistinctBy(consent => (consent.Purpose, consent.Channel)))
        {
            yield return new KnownFact
            {
                FactId = $"{ConsentFact}{consent.Purpose}:{consent.Channel}",
                Text = $"You {(consent.Granted ? "agreed to" : "declined")} {consent.Purpose} by {consent.Channel}",
                Kind = "decided",
                Source = consent.Source,
                At = Timestamp.FromDateTimeOffset(consent.At),
                Forgettable = true,
            };
        }
    }

    private static KnownFact Stated(string factId, string text, Statement? from) => new()
    {
        FactId = factId,
        Text = text,
        Kind = "stated",
        Source = from?.Source ?? "shop",
        At = from is null ? null : Timestamp.FromDateTimeOffset(from.At),
        Correctable = true,
        Forgettable = true,
    };

    private static KnownFact Happened(ShopEvent happened, Shelves shelves, AnswerMeanings meanings) => new()
    {
        FactId = EventFact + happened.EventId,
        Text = InWords(happened, shelves, meanings),
        Kind = happened.Answer is null ? "observed" : "answered",
        Source = happened.Answer?.Source ?? happened.Channel ?? "",
        At = Timestamp.FromDateTimeOffset(happened.OccurredAt),
        Forgettable = true,
    };

    private static string InWords(ShopEvent happened, Shelves shelves, AnswerMeanings meanings)
    {
        string title = happened.ItemId is { } id ? shelves.Find(id)?.Title ?? id : "";
        string what = happened.Type switch
        {
            EventTypes.Purchase => $"You bought {title}{(happened.IsGift ? " as a gift" : "")}",
            EventTypes.Return => $"You returned {title}",
            EventTypes.View => $"You looked at {title}",
            EventTypes.Like => $"You like {title}",
            EventTypes.Dislike => $"You do not like {title}",
            EventTypes.Hide => $"You asked not to see {title}",
            EventTypes.Rating => string.Create(CultureInfo.InvariantCulture, $"You gave {title} {happened.Rating} stars"),
            EventTypes.Review => $"You wrote about {title}",
            EventTypes.CartAdd => $"You put {title} into your cart",
            EventTypes.CartRemove => $"You took {title} out of your cart",
            EventTypes.Complaint => $"You complained{(title.Length > 0 ? $" about {title}" : "")}",
            EventTypes.Answer => meanings.Sentence(happened.Answer!, shelves),
            _ => $"{happened.Type} {title}",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{what} on {happened.OccurredAt.UtcDateTime:yyyy-MM-dd}{(happened.Channel is { } channel ? $" ({channel})" : "")}");
    }

    private static string InWords(AttributeValue value) => value switch
    {
        AttributeValue.Text text => text.Value,
        AttributeValue.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
        AttributeValue.Flag flag => flag.Value ? "yes" : "no",
        AttributeValue.Instant instant => instant.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        AttributeValue.TextList list => string.Join(", ", list.Values),
        _ => value.ToString(),
    };
}
