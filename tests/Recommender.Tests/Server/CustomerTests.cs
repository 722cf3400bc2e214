using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Grpc;
using Recommender.Protocol.V1;
using static Recommender.Tests.Server.PlantedShop;

namespace Recommender.Tests.Server;

public sealed class CustomerTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    [Fact]
    public async Task The_portrait_shows_orders_with_their_lines_what_came_back_and_what_was_spent()
    {
        await shop.RecordAsync(
            Bought("o1-a", "buyer", Crime(1), order: "o1", price: 10, quantity: 2),
            Bought("o1-b", "buyer", Crime(2), order: "o1", price: 5, quantity: 1),
            Bought("o2-a", "buyer", Garden(1), order: "o2", price: 7, quantity: 1, gift: true),
            new Event { EventId = "o1-back", Type = "return", CustomerId = "buyer", ItemId = Crime(1), OrderId = "o1", Quantity = 1 });

        var portrait = await shop.Customers.GetCustomerAsync(new() { CustomerId = "buyer" });

        Assert.Equal(2, portrait.OrdersTotal);
        var first = portrait.Orders.Single(order => order.OrderId == "o1");
        Assert.Equal([(Crime(1), 2, 1), (Crime(2), 1, 0)], first.Lines.Select(line => (line.ItemId, (int)line.Quantity, (int)line.Returned)));
        Assert.Equal("The crime book 1", first.Lines[0].Title);
        Assert.Equal(15, first.Totals["EUR"]);
        Assert.Equal(22, portrait.Spent["EUR"]);
        Assert.True(portrait.Orders.Single(order => order.OrderId == "o2").Lines.Single().Gift);
        Assert.Equal(3, portrait.Channels.Single(channel => channel.Channel == "web").Events["purchase"]);
    }

    [Fact]
    public async Task Taste_is_told_in_words_and_gifts_are_no_part_of_it()
    {
        foreach (int book in (int[])[1, 2, 3]) await shop.RecordAsync(Bought($"taste-{book}", "reader", Crime(book), order: $"t{book}", price: 1, quantity: 1));
        foreach (int book in (int[])[4, 5, 6, 7]) await shop.RecordAsync(Bought($"gift-{book}", "reader", Garden(book), order: $"g{book}", price: 1, quantity: 1, gift: true));

        var portrait = await shop.Customers.GetCustomerAsync(new() { CustomerId = "reader" });

        var genre = Assert.Single(portrait.Tastes, taste => taste.Attribute == "genre");
        Assert.Equal(("crime", 3, 1.0), (genre.Value, genre.Items, genre.Weight));
        Assert.All((await shop.RecommendAsync(new() { CustomerId = "reader", Count = 5 })).Items, item => Assert.StartsWith("crime-", item.ItemId));
    }

    [Fact]
    public async Task A_portrait_covers_linked_devices_and_what_was_shown()
    {
        await shop.RecordAsync(new Event { EventId = "seen-on-phone", Type = "view", VisitorId = "phone-1", ItemId = Crime(3), Channel = "app" });
        await shop.Identity.LinkAsync(new() { FromVisitorId = "phone-1", CustomerId = "omni" });
        var shown = await shop.RecommendAsync(new() { CustomerId = "omni", Count = 3 });

        var portrait = await shop.Customers.GetCustomerAsync(new() { CustomerId = "omni" });

        Assert.Equal(["phone-1"], portrait.LinkedVisitorIds);
        Assert.Equal("app", Assert.Single(portrait.Channels).Channel);
        Assert.Contains(portrait.Recommendations, one => one.RecommendationId == shown.RecommendationId && one.ItemIds.Count == 3);
    }

    [Fact]
    public async Task Who_says_something_and_since_when_is_kept_apart_from_what_was_seen()
    {
        var updated = await shop.Customers.UpdateCustomerAsync(new()
        {
            CustomerId = "stated",
            SetAttributes = { ["city"] = new AttributeValue { Text = "Graz" } },
            SetDates = { ["birthday"] = "1984-05-17" },
            Source = "customer",
            Confidence = 0.8,
        });

        Assert.Equal(("customer", 0.8), (updated.Statements["city"].Source, updated.Statements["city"].Confidence));
        Assert.Equal("1984-05-17", updated.Dates["birthday"]);
        // A nightly upload from the shop leaves what the customer said of dates and consents.
        await shop.Customers.UpsertCustomersAsync(new() { Customers = { new Customer { CustomerId = "stated", Attributes = { ["city"] = new AttributeValue { Text = "Wien" } } } } });
        var portrait = await shop.Customers.GetCustomerAsync(new() { CustomerId = "stated" });
        Assert.Equal("Wien", portrait.Customer.Attributes["city"].Text);
        Assert.Equal(["date:birthday"], portrait.Customer.Statements.Keys);
        var own = await shop.Customers.GetOwnViewAsync(new() { CustomerId = "stated" });
        Assert.Equal(["shop", "customer"], own.Facts.Select(fact => fact.Source));
        Assert.Equal("1984-05-17", portrait.Customer.Dates["birthday"]);
    }

    [Fact]
    public async Task Consent_is_by_purpose_and_channel_and_every_decision_is_kept()
    {
        await shop.Customers.SetConsentAsync(new() { CustomerId = "decides", Purpose = "marketing", Channel = "mail", Granted = true });
        await shop.Customers.SetConsentAsync(new() { CustomerId = "decides", Purpose = "marketing", Channel = "mail", Granted = true });
        var after = await shop.Customers.SetConsentAsync(new() { CustomerId = "decides", Purpose = "marketing", Channel = "mail", Granted = false });

        Assert.Equal([true, false], after.Consents.Select(consent => consent.Granted));
    }

    [Fact]
    public async Task Changes_of_one_customer_at_once_are_all_kept()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => shop.Customers.UpdateCustomerAsync(
            new() { CustomerId = "busy", SetAttributes = { [$"a{n}"] = new AttributeValue { Number = n } } }).ResponseAsync));

        Assert.Equal(20, (await shop.Customers.GetCustomerAsync(new() { CustomerId = "busy" })).Customer.Attributes.Count);
    }

    [Fact]
    public async Task A_declared_schema_refuses_what_it_does_not_know_and_a_change_that_would_lose_values()
    {
        await using var own = new PlantedShop();
        await own.InitializeAsync();
        await own.Customers.DeclareProfileSchemaAsync(Schema(("country", AttributeKind.Text), ("points", AttributeKind.Number)));
        foreach (string id in (string[])["s1", "s2", "s3"])
            await own.Customers.UpdateCustomerAsync(new() { CustomerId = id, SetAttributes = { ["points"] = new AttributeValue { Number = 3 } } });

        var typo = await Assert.ThrowsAsync<RpcException>(() => own.Customers.UpdateCustomerAsync(
            new() { CustomerId = "s1", SetAttributes = { ["pionts"] = new AttributeValue { Number = 1 } } }).ResponseAsync);
        Assert.Contains("points", typo.Status.Detail, StringComparison.Ordinal);
        var kind = await Assert.ThrowsAsync<RpcException>(() => own.Customers.UpdateCustomerAsync(
            new() { CustomerId = "s1", SetAttributes = { ["points"] = new AttributeValue { Text = "many" } } }).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, kind.StatusCode);
        var lossy = await Assert.ThrowsAsync<RpcException>(() => own.Customers.DeclareProfileSchemaAsync(Schema(("country", AttributeKind.Text))).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, lossy.StatusCode);
        Assert.Contains("points of 3 customers", lossy.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(2, (await own.Customers.GetProfileSchemaAsync(new())).Attributes.Count);
    }

    [Fact]
    public async Task Customers_are_found_by_filter_and_by_text_page_by_page()
    {
        await using var own = new PlantedShop();
        await own.InitializeAsync();
        for (int n = 0; n < 25; n++)
        {
            await own.Customers.UpdateCustomerAsync(new()
            {
                CustomerId = $"c{n:00}",
                SetAttributes = { ["country"] = new AttributeValue { Text = n % 2 == 0 ? "AT" : "DE" }, ["age"] = new AttributeValue { Number = n } },
            });
        }

        var found = new List<string>();
        var request = new ListCustomersRequest { PageSize = 4, Filter = "customer.country == \"AT\" && customer.age > 5.0" };
        do
        {
            var page = await own.Customers.ListCustomersAsync(request);
            Assert.True(page.Customers.Count <= 4);
            found.AddRange(page.Customers.Select(customer => customer.CustomerId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(Enumerable.Range(0, 25).Where(n => n % 2 == 0 && n > 5).Select(n => $"c{n:00}"), found);
        Assert.Equal(12, (await own.Customers.ListCustomersAsync(new() { Search = "de", PageSize = 100 })).Customers.Count);
        var unknown = await Assert.ThrowsAsync<RpcException>(() => own.Customers.ListCustomersAsync(new() { Filter = "customer.contry == \"AT\"" }).ResponseAsync);
        Assert.Contains("did you mean customer.country?", unknown.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customer_reads_corrects_and_has_forgotten_what_is_known()
    {
        await shop.Customers.UpdateCustomerAsync(new() { CustomerId = "own", SetAttributes = { ["city"] = new AttributeValue { Text = "Gratz" } } });
        await shop.RecordAsync(Purchase("own-1", "own", Crime(1)), Purchase("own-2", "own", Crime(2)));

        var view = await shop.Customers.GetOwnViewAsync(new() { CustomerId = "own" });
        Assert.Contains(view.Facts, fact => fact.Text == "city: Gratz" && fact.Correctable);
        Assert.Contains(view.Facts, fact => fact.Text.StartsWith("You bought The crime book 1 on ", StringComparison.Ordinal) && fact.Forgettable);

        view = await shop.Customers.CorrectFactAsync(new() { CustomerId = "own", FactId = "attribute:city", Attribute = new AttributeValue { Text = "Graz" } });
        Assert.Contains(view.Facts, fact => fact.Text == "city: Graz" && fact.Source == "customer");
        view = await shop.Customers.ForgetFactsAsync(new() { CustomerId = "own", FactIds = { "event:own-1", "attribute:city" } });
        Assert.Equal("event:own-2", Assert.Single(view.Facts).FactId);

        // It does not come back when a queue somewhere sends it again.
        await shop.RecordAsync(Purchase("own-1", "own", Crime(1)));
        Assert.Single((await shop.Customers.GetOwnViewAsync(new() { CustomerId = "own" })).Facts);
    }

    [Fact]
    public async Task An_erased_customer_leaves_a_receipt_and_is_not_addressed_again_by_mistake()
    {
        await shop.RecordAsync(Purchase("erase-1", "erased", Crime(1)), new Event { EventId = "erase-2", Type = "view", VisitorId = "erased-phone", ItemId = Crime(2) });
        await shop.Identity.LinkAsync(new() { FromVisitorId = "erased-phone", CustomerId = "erased" });
        await shop.Customers.SetConsentAsync(new() { CustomerId = "erased", Purpose = "marketing", Channel = "mail", Granted = true });

        var receipt = await shop.Customers.EraseCustomerAsync(new() { CustomerId = "erased" });

        Assert.Equal(2, receipt.Deleted["events"]);
        Assert.Equal(1, receipt.Deleted["profiles"]);
        Assert.Equal(receipt, await shop.Customers.GetErasureReceiptAsync(new() { ReceiptId = receipt.ReceiptId }));
        foreach (var call in (Func<Task>[])
        [
            () => shop.RecordAsync(Purchase("erase-3", "erased", Crime(3))),
            () => shop.RecordAsync(new Event { EventId = "erase-4", Type = "view", VisitorId = "erased-phone", ItemId = Crime(2) }),
            () => shop.Customers.GetCustomerAsync(new() { CustomerId = "erased" }).ResponseAsync,
            () => shop.Customers.SetConsentAsync(new() { CustomerId = "erased", Purpose = "a", Channel = "b", Granted = true }).ResponseAsync,
            () => shop.Identity.LinkAsync(new() { FromVisitorId = "v", CustomerId = "erased" }).ResponseAsync,
            () => shop.Contacts.CheckContactAsync(new() { CustomerId = "erased", Channel = "mail" }).ResponseAsync,
        ])
        {
            var refused = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
            Assert.Contains("erased", refused.Status.Detail, StringComparison.Ordinal);
        }
        // A page must not break over it: somebody of whom nothing is known gets what sells best.
        Assert.Equal(ServedBy.Popular, (await shop.RecommendAsync(new() { CustomerId = "erased" })).ServedBy);

        await shop.Customers.ReadmitCustomerAsync(new() { CustomerId = "erased" });
        await shop.RecordAsync(Purchase("erase-5", "erased", Crime(3)));
        Assert.Single((await shop.Customers.GetCustomerAsync(new() { CustomerId = "erased" })).Orders);
    }

    [Fact]
    public async Task On_a_shared_device_only_the_erased_customers_time_is_forgotten()
    {
        var monday = TimeProvider.System.GetUtcNow().AddDays(-20);
        await shop.RecordAsync(Seen("tablet-1", monday), Seen("tablet-2", monday.AddDays(3)));
        await shop.Identity.LinkAsync(new() { FromVisitorId = "tablet", CustomerId = "leaves", Since = Timestamp.FromDateTimeOffset(monday.AddDays(-1)) });
        await shop.Identity.LinkAsync(new() { FromVisitorId = "tablet", CustomerId = "stays", Since = Timestamp.FromDateTimeOffset(monday.AddDays(2)) });

        await shop.Customers.EraseCustomerAsync(new() { CustomerId = "leaves" });

        Assert.Equal("tablet-2", Assert.Single((await shop.Customers.GetCustomerAsync(new() { CustomerId = "stays" })).Events).EventId);

        static Event Seen(string id, DateTimeOffset at) =>
            new() { EventId = id, Type = "view", VisitorId = "tablet", ItemId = Crime(1), OccurredAt = Timestamp.FromDateTimeOffset(at) };
    }

    [Fact]
    public async Task Everything_kept_can_be_taken_along()
    {
        await shop.RecordAsync(new Event { EventId = "review-1", Type = "review", CustomerId = "exports", ItemId = Crime(5), Rating = 5, Text = "Could not put it down." });

        string json = (await shop.Customers.ExportCustomerAsync(new() { CustomerId = "exports" })).Json;

        Assert.Contains("Could not put it down.", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1984-02-30")]
    [InlineData("17.5.1984")]
    [InlineData("2999-01-01")]
    public async Task A_birthday_that_cannot_be_is_refused(string date)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            shop.Customers.UpdateCustomerAsync(new() { CustomerId = "born", SetDates = { ["birthday"] = date } }).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("set_dates", refused.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations[0].Field, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_an_error_that_says_so()
    {
        var unknown = await Assert.ThrowsAsync<RpcException>(() => shop.Customers.GetCustomerAsync(new() { CustomerId = "never-seen" }).ResponseAsync);

        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }

    private static Event Bought(string id, string customer, string item, string order, double price, double quantity, bool gift = false) => new()
    {
        EventId = id,
        Type = "purchase",
        CustomerId = customer,
        ItemId = item,
        OrderId = order,
        Price = price,
        Currency = "EUR",
        Quantity = quantity,
        Channel = "web",
        Gift = gift,
    };

    private static ProfileSchema Schema(params (string Name, AttributeKind Kind)[] attributes)
    {
        var schema = new ProfileSchema();
        foreach (var (name, kind) in attributes) schema.Attributes.Add(name, new ProfileAttribute { Kind = kind });
        return schema;
    }
}
