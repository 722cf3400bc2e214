using Grpc.Net.Client;
using Recommender.Cli.Commands;
using Recommender.Cli.Terminal;
using Recommender.Interactions;
using Recommender.Protocol.V1;

namespace Recommender.Cli.Demo;

/// <summary>What the demo shows: a customer and an anonymous visitor, seen through the same gRPC calls that a shop would make.</summary>
internal sealed class DemoStory(Screen screen, Bookshop bookshop, ServerAddresses addresses)
{
    private const int Shown = 6;

    // What everybody buys says little about a taste; the hundredth book says more.
    private const int Telling = 100;

    private readonly DemoTable _table = new(screen, bookshop);
    private readonly Dictionary<string, BookshopBook> _books = bookshop.Books.ToDictionary(book => book.Item.Id);

    public async Task TellAsync(CancellationToken cancellation)
    {
        using var channel = GrpcChannel.ForAddress(addresses.Grpc);
        var recommendations = new RecommendationService.RecommendationServiceClient(channel);
        var events = new EventService.EventServiceClient(channel);

        var (customer, bought) = Heroine();
        screen.Line();
        screen.Line($"{customer} has bought:");
        foreach (var book in bought) screen.Line($"  {DemoTable.Describe(book)}");
        var request = new RecommendRequest { CustomerId = customer, Count = Shown };
        var before = await recommendations.RecommendAsync(request, cancellationToken: cancellation);
        _table.Show($"What {customer} is shown", before, earlier: null);

        var another = Departure(bought);
        await events.RecordEventsAsync(Happened("purchase", another, one => one.CustomerId = customer), cancellationToken: cancellation);
        screen.Line($"She buys {DemoTable.Describe(another)}. Nothing is retrained; the next page shows:");
        _table.Show($"What {customer} is shown a moment later", await recommendations.RecommendAsync(request, cancellationToken: cancellation), before);

        var looked = Shelf(bought[0]);
        foreach (var book in looked)
            await events.RecordEventsAsync(Happened("view", book, one => one.VisitorId = "visitor-of-today"), cancellationToken: cancellation);
        screen.Line($"An anonymous visitor looks at {string.Join(" and ", looked.Select(DemoTable.Describe))}.");
        var visitor = new RecommendRequest { VisitorId = "visitor-of-today", Count = Shown };
        _table.Show("What the visitor is shown", await recommendations.RecommendAsync(visitor, cancellationToken: cancellation), earlier: null);
    }

    /// <summary>Somebody of whom little is known, so that one more book tells much.</summary>
    private (string Customer, IReadOnlyList<BookshopBook> Bought) Heroine()
    {
        var returned = bookshop.Events.Where(one => one.Type == EventTypes.Return).Select(one => (one.Person, one.ItemId)).ToHashSet();
        return bookshop.Events
            .Where(one => one.Type == EventTypes.Purchase && one.Person.Kind == PersonKind.Customer && !returned.Contains((one.Person, one.ItemId)))
            .GroupBy(one => one.Person.Id)
            .Select(one => (Customer: one.Key, Bought: (IReadOnlyList<BookshopBook>)[.. one.Select(bought => _books[bought.ItemId!]).Distinct()]))
            .Where(one => one.Bought.Count == 2 && one.Bought[0].Subgenre == one.Bought[1].Subgenre)
            .OrderBy(one => one.Customer, StringComparer.Ordinal)
            .First();
    }

    /// <summary>A well-liked book of a kind she has not bought before, so that the change is plain to see.</summary>
    private BookshopBook Departure(IReadOnlyList<BookshopBook> bought) =>
        bookshop.Books.Where(book => bought.All(own => own.Genre != book.Genre)).OrderByDescending(book => book.Popularity).ElementAt(Telling);

    private IReadOnlyList<BookshopBook> Shelf(BookshopBook like) =>
        [.. bookshop.Books.Where(book => book.Subgenre == like.Subgenre).OrderByDescending(book => book.Popularity).Take(2)];

    private static RecordEventsRequest Happened(string type, BookshopBook book, Action<Event> by)
    {
        var happened = new Event { EventId = $"demo-{type}-{book.Item.Id}", Type = type, ItemId = book.Item.Id, Channel = "web" };
        if (type == EventTypes.Purchase) (happened.Price, happened.Currency) = ((double)book.Price, Bookshop.Currency);
        by(happened);
        return new RecordEventsRequest { Events = { happened } };
    }

    public void Invite()
    {
        string customer = Heroine().Customer;
        screen.Line("Try it yourself:");
        screen.Line($$"""  curl -s {{addresses.Http}}/v1/recommend -d '{"customerId":"{{customer}}","count":5,"propertyMask":"title,price"}' -H 'content-type: application/json'""");
        screen.Line($"  curl -s {addresses.Http}/v1/items/{bookshop.Items[0].Id}");
        screen.Line($"  grpcurl -plaintext -d '{{\"customer_id\":\"{customer}\"}}' {addresses.Grpc.Replace("http://", "", StringComparison.Ordinal)} recommender.v1.RecommendationService/Recommend");
        screen.Line($"  {addresses.Http}/openapi.json describes every method");
    }
}
