using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Interactions;
using Recommender.Protocol.V1;
using Recommender.Server.Training;
using static Recommender.Tests.Server.PlantedShop;

namespace Recommender.Tests.Server;

public sealed class BatchTests : IAsyncLifetime
{
    private readonly PlantedShop _shop = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // ranked together
    public async Task Everybody_is_answered_as_one_call_each_would_answer_them(bool reasons)
    {
        var everybody = await MixedPopulationAsync();
        var request = Mailing with { Boosts = true, Reasons = reasons };

        var messages = await AllAsync(request.Batch);

        var batch = messages.SelectMany(message => message.Recommendations).ToArray();
        Assert.Equal(everybody.Except(["gone", "second-account"]).Order(StringComparer.Ordinal), batch.Where(one => one.Pressure.Cause is not ("erased" or "other_account")).Select(one => one.CustomerId));
        Assert.Equal(batch.Select(one => one.CustomerId).Order(StringComparer.Ordinal), batch.Select(one => one.CustomerId));
        foreach (var one in batch.Where(one => one.Pressure.Cause != "other_account"))
        {
            var single = await _shop.RecommendAsync(request.One(one.CustomerId));
            if (!reasons) foreach (var item in single.Items) item.Reasons.Clear();
            Assert.Equal(single.Items, one.Items);
            Assert.Equal((single.ServedBy, single.Pressure, single.Stage, single.HandOver), (one.ServedBy, one.Pressure, one.Stage, one.HandOver));
            Assert.Equal(single.RecommendationId.Length, one.RecommendationId.Length);
            Assert.Equal(one.Pressure.Allowed, one.Items.Count > 0);
        }
        string[] causes = [.. batch.Select(one => one.Pressure.Cause).Distinct().Order()];
        Assert.Equal(["", "budget", "consent", "guardrail", "other_account"], causes);
        string[] sources = [.. batch.SelectMany(one => one.Items).Select(item => item.Source).Distinct().Order()];
        Assert.Equal(["cart", "new", "personalised", "popular"], sources);
        var progress = messages[^1].Progress;
        Assert.Equal(batch.Length, progress.Done);
        Assert.Equal(batch.Where(one => !one.Pressure.Allowed).CountBy(one => one.Pressure.Cause).ToDictionary(cause => cause.Key, cause => (long)cause.Value), progress.Silent);
    }

    [Fact]
    public async Task A_preview_is_what_would_be_sent_also_to_those_who_must_not_be_addressed_and_leaves_nothing_behind()
    {
        await MixedPopulationAsync();
        await _shop.Scenarios.UpsertScenarioAsync(new() { Scenario = new Scenario { ScenarioId = "rotates", Rotation = new Rotation { AfterShown = 1 }, Channel = "mail" } });
        await _shop.RecommendAsync(new() { CustomerId = "crime-reader-3", Scenario = "rotates", Count = 3, Channel = "web" });

        var preview = await AllAsync(new() { Scenario = "rotates", Count = 3, Preview = true, CustomerIds = { "crime-reader-3", "crime-reader-6", "nobody" } });

        var people = preview.SelectMany(message => message.Recommendations).ToDictionary(one => one.CustomerId);
        Assert.All(people.Values, one => Assert.Equal((3, "", "consent"), (one.Items.Count, one.RecommendationId, one.Pressure.Cause)));
        var shown = await _shop.RecommendAsync(new() { CustomerId = "crime-reader-3", Scenario = "rotates", Count = 3, Channel = "web" });
        Assert.Equal(shown.Items.Select(item => item.ItemId), people["crime-reader-3"].Items.Select(item => item.ItemId));
        Assert.Empty(await _shop.Shop.Store.Recommendations.ReadPersonAsync(_shop.Shop.Tenant, Person.Customer("crime-reader-6"), DateTimeOffset.MinValue, 10, Stop));
    }

    [Fact]
    public async Task What_was_sent_is_remembered_before_it_is_sent_and_rotates()
    {
        await _shop.Scenarios.UpsertScenarioAsync(new() { Scenario = new Scenario { ScenarioId = "rotates", Rotation = new Rotation { AfterShown = 1 } } });
        using var call = _shop.Recommendations.RecommendBatch(new() { Scenario = "rotates", Count = 2, Reasons = true });
        var seen = 0;
        await foreach (var message in call.ResponseStream.ReadAllAsync(Stop))
        {
            foreach (var one in message.Recommendations.Take(5))
            {
                var kept = await _shop.Shop.Store.Recommendations.FindAsync(_shop.Shop.Tenant, one.RecommendationId, Stop);
                Assert.Equal((Person.Customer(one.CustomerId), message.ModelVersion), (kept!.Person!.Value, kept.ModelVersion));
                var explained = await _shop.Recommendations.ExplainAsync(new() { RecommendationId = one.RecommendationId });
                Assert.Equal(one.Items.Select(item => item.ItemId), explained.Items.Select(item => item.ItemId));
                seen++;
            }
        }
        Assert.True(seen > 5);
        var first = (await AllAsync(new() { Scenario = "rotates", Count = 2, CustomerIds = { "crime-reader-3" }, Preview = true })).Single().Recommendations.Single();
        var shown = await _shop.Shop.Store.Recommendations.ReadPersonAsync(_shop.Shop.Tenant, Person.Customer("crime-reader-3"), DateTimeOffset.MinValue, 10, Stop);
        Assert.Empty(first.Items.Select(item => item.ItemId).Intersect(shown.Single().Items.Select(item => item.ItemId)));
    }

    [Fact]
    public async Task Whoever_is_not_to_be_addressed_can_be_left_out_and_is_counted()
    {
        await MixedPopulationAsync();
        var request = Mailing.Batch;
        var told = await AllAsync(request);
        request.LeaveOutSilent = true;
        var left = await AllAsync(request);

        Assert.All(left.SelectMany(message => message.Recommendations), one => Assert.True(one.Pressure.Allowed));
        Assert.Equal(told.SelectMany(message => message.Recommendations).Where(one => one.Pressure.Allowed).Select(one => one.CustomerId),
            left.SelectMany(message => message.Recommendations).Select(one => one.CustomerId));
        Assert.Equal((told[^1].Progress.Done, told[^1].Progress.Silent), (left[^1].Progress.Done, left[^1].Progress.Silent));
    }

    [Fact]
    public async Task From_any_resume_token_the_rest_follows_and_nothing_else()
    {
        await MixedPopulationAsync();
        var request = new RecommendBatchRequest { Count = 1000, Preview = true }; // long lists, so that messages are short
        var whole = await AllAsync(request);
        Assert.True(whole.Count > 2);

        for (int i = 0; i < whole.Count; i++)
        {
            request.ResumeToken = whole[i].ResumeToken;
            var rest = await AllAsync(request);
            Assert.Equal(whole.Skip(i + 1).SelectMany(message => message.Recommendations), rest.SelectMany(message => message.Recommendations));
            Assert.Equal(whole[^1].Progress.Done, rest[^1].Progress.Done);
            Assert.Equal(whole[^1].Progress.Silent, rest[^1].Progress.Silent);
        }
        request.Count = 999;
        var other = await RefusedAsync(request);
        Assert.Equal(StatusCode.InvalidArgument, other.StatusCode);
        Assert.Contains("resume_token belongs to another request", other.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.InvalidArgument, (await RefusedAsync(new() { ResumeToken = "%%%" })).StatusCode);
    }

    [Fact]
    public async Task Customers_are_chosen_by_list_by_profile_or_all()
    {
        await MixedPopulationAsync();
        await _shop.Customers.UpsertCustomersAsync(new()
        {
            Customers = { Described("from-at", "Austria"), Described("from-de", "Germany"), Described("also-at", "Austria") },
        });

        Assert.Equal(["also-at", "from-at"], Ids(await AllAsync(new() { CustomerFilter = "customer.country == \"Austria\"" })));
        Assert.Equal(["from-de"], Ids(await AllAsync(new() { CustomerSearch = "germ" })));
        Assert.Equal(["B", "a", "é", "\uFFFD", "\U0001F600"], Ids(await AllAsync(new() { CustomerIds = { "\U0001F600", "\uFFFD", "é", "a", "B", "a" } })));
        var none = Assert.Single(await AllAsync(new() { CustomerFilter = "customer.country == \"Nowhere\"" }));
        Assert.Equal((0, 0), (none.Recommendations.Count, none.Progress.Done));
        var all = Ids(await AllAsync(new()));
        Assert.Equal(all.Distinct(), all);
        Assert.Contains("from-at", all); // a profile and no events
        Assert.Contains("crime-reader-7", all); // events and no profile
        Assert.DoesNotContain(all, id => id == "phone"); // a visitor
    }

    [Fact]
    public async Task Of_a_persons_accounts_one_is_answered_also_where_the_one_they_belong_to_is_not_selected()
    {
        // Of the new account nothing is known but that the old ones belong to it.
        foreach (string old in (string[])["crime-reader-1", "crime-reader-2"]) await _shop.Identity.LinkAsync(new() { FromCustomerId = old, CustomerId = "new" });
        var all = (await AllAsync(new() { Preview = true })).SelectMany(message => message.Recommendations).ToDictionary(one => one.CustomerId);
        Assert.DoesNotContain("new", all.Keys);
        Assert.NotEmpty(all["crime-reader-1"].Items);
        Assert.Equal(("other_account", "customer crime-reader-2 is the same person as customer crime-reader-1"), (all["crime-reader-2"].Pressure.Cause, all["crime-reader-2"].Pressure.Reason));

        // It has a profile, and one that does not satisfy the condition.
        await _shop.Customers.UpsertCustomersAsync(new() { Customers = { Described("new", "Germany"), Described("crime-reader-2", "Austria") } });
        var chosen = Assert.Single((await AllAsync(new() { CustomerFilter = "customer.country == 'Austria'" })).SelectMany(message => message.Recommendations));
        Assert.Equal(("crime-reader-2", true), (chosen.CustomerId, chosen.Pressure.Allowed));
        await _shop.Customers.UpsertCustomersAsync(new() { Customers = { Described("new", "Austria") } });
        var both = (await AllAsync(new() { CustomerFilter = "customer.country == 'Austria'" })).SelectMany(message => message.Recommendations).ToArray();
        Assert.Equal([("crime-reader-2", "other_account"), ("new", "")], both.Select(one => (one.CustomerId, one.Pressure.Cause)));
    }

    [Fact]
    public async Task No_message_is_more_than_clients_take_however_much_is_told_of_an_item()
    {
        await _shop.Catalog.UpsertItemsAsync(new()
        {
            Items = { Enumerable.Range(0, Kind).Select(n => new Item { ItemId = Crime(n), Attributes = { ["text"] = new AttributeValue { Text = new string('x', 15_000) } } }) },
        });
        var messages = await AllAsync(new() { Count = 40, Preview = true, PropertyMask = FieldMask.FromString("text"), CustomerIds = { Enumerable.Range(0, 50).Select(n => $"crowd-{n:00}") } });

        Assert.Equal(50, Ids(messages).Count());
        Assert.All(messages, message => Assert.InRange(message.CalculateSize(), 1, (1 << 20) + 1000));
        Assert.True(messages.Count < 40, "most messages have more than one");
    }

    [Fact]
    public async Task Who_declines_or_asks_to_be_forgotten_while_the_caller_reads_slowly_is_not_told()
    {
        string[] ids = [.. Enumerable.Range(0, 400).Select(n => $"crowd-{n:000}")];
        foreach (string id in ids[..3].Concat(ids[^3..])) await _shop.Customers.SetConsentAsync(new() { CustomerId = id, Purpose = "marketing", Channel = "mail", Granted = true });
        var query = new Recommender.Server.Serving.BatchQuery(new(ids, "", ""), new() { Count = 2, Channel = "mail" });
        await using var parts = _shop.Shop.Batch.AnswerAsync(query, null, new BackgroundThreads(2), Stop).GetAsyncEnumerator(Stop);
        Assert.True(await parts.MoveNextAsync());
        Assert.Empty(parts.Current.Told[0].Pressure.Cause);

        await _shop.Customers.EraseCustomerAsync(new() { CustomerId = ids[^1] });
        await _shop.Customers.SetConsentAsync(new() { CustomerId = ids[^2], Purpose = "marketing", Channel = "mail", Granted = false });
        _shop.Clock.Advance(TimeSpan.FromMinutes(1));
        var told = new Dictionary<string, string>();
        var silent = parts.Current.Mark.Silent;
        while (await parts.MoveNextAsync())
        {
            foreach (var one in parts.Current.Told) told[one.CustomerId] = one.Pressure.Cause;
            silent = parts.Current.Mark.Silent;
        }

        Assert.Equal(["", "consent", "erased"], ids[^3..].Select(id => told[id]));
        Assert.Equal((395, 1), (silent[Recommender.Pressure.SilenceCause.Consent], silent[Recommender.Pressure.SilenceCause.Erased]));
    }

    [Fact]
    public async Task A_scenario_that_is_changed_holds_from_the_next_page_on()
    {
        await _shop.Scenarios.UpsertScenarioAsync(new() { Scenario = new Scenario { ScenarioId = "box", DefaultCount = 2 } });
        var query = new Recommender.Server.Serving.BatchQuery(new([.. Enumerable.Range(0, 600).Select(n => $"crowd-{n:000}")], "", ""), new() { ScenarioId = "box", Preview = true });
        var counts = new List<int>();
        await foreach (var part in _shop.Shop.Batch.AnswerAsync(query, null, new BackgroundThreads(2), Stop))
        {
            if (counts.Count == 0) await _shop.Scenarios.UpsertScenarioAsync(new() { Scenario = new Scenario { ScenarioId = "box", DefaultCount = 3 } });
            counts.AddRange(part.Told.Select(one => one.Items.Count));
        }
        Assert.Equal((2, 3), (counts[0], counts[^1]));
    }

    [Theory]
    [InlineData("98=1,99=1")]
    [InlineData("0=1")]
    [InlineData("1=1,1=2")]
    public async Task A_resume_token_that_was_made_up_is_refused(string silent)
    {
        var request = new RecommendBatchRequest { Count = 1, Preview = true };
        uint print = Recommender.Server.Serving.BatchMapping.FromWire(request).Fingerprint;
        request.ResumeToken = Recommender.Server.PageToken.Batch($"{print:x8}:2:{silent}:a");
        Assert.Equal(StatusCode.InvalidArgument, (await RefusedAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_new_model_between_two_messages_is_told()
    {
        using var call = _shop.Recommendations.RecommendBatch(new() { Count = 1000, Preview = true, CustomerIds = { Enumerable.Range(0, 3000).Select(n => $"crowd-{n:0000}") } });
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        string before = call.ResponseStream.Current.ModelVersion;
        await _shop.TrainAsync(new TrainRequest { Force = true });
        string after = before;
        int people = call.ResponseStream.Current.Recommendations.Count;
        while (await call.ResponseStream.MoveNext(Stop)) (after, people) = (call.ResponseStream.Current.ModelVersion, people + call.ResponseStream.Current.Recommendations.Count);

        Assert.NotEqual(before, after);
        Assert.Equal(3000, people);
    }

    [Fact]
    public async Task A_caller_who_reads_no_further_stops_the_work_and_cancelling_ends_it()
    {
        var query = new Recommender.Server.Serving.BatchQuery(new([.. Enumerable.Range(0, 5000).Select(n => $"crowd-{n:0000}")], "", ""), new() { Count = 1000, Preview = true });
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var parts = _shop.Shop.Batch.AnswerAsync(query, null, new BackgroundThreads(2), cancel.Token).GetAsyncEnumerator(cancel.Token);
        Assert.True(await parts.MoveNextAsync());
        Assert.InRange(parts.Current.Mark.Done, 1, 512);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => { while (await parts.MoveNextAsync()) Assert.InRange(parts.Current.Mark.Done, 1, 512); });
        await parts.DisposeAsync();
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var call = _shop.Recommendations.RecommendBatch(new() { Count = 1000, CustomerIds = { query.Whom.Listed } }, cancellationToken: given.Token);
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        await given.CancelAsync();
        var ended = await Assert.ThrowsAnyAsync<RpcException>(async () => { while (await call.ResponseStream.MoveNext(CancellationToken.None)) { } });
        Assert.Equal(StatusCode.Cancelled, ended.StatusCode);
    }

    [Fact]
    public async Task A_batch_displaces_nobody_who_is_active()
    {
        await MixedPopulationAsync();
        await _shop.StopAsync();
        await _shop.StartAsync(); // nobody is in memory
        var active = Person.Customer("crime-reader-5");
        await _shop.RecommendAsync(new() { CustomerId = active.Id });
        var before = _shop.Shop.Histories.Hold(active);

        await AllAsync(new());

        Assert.Same(before, _shop.Shop.Histories.Hold(active));
        Assert.False(_shop.Shop.Histories.IsHeld(Person.Customer("garden-reader-5")));
        Assert.False(_shop.Shop.Histories.IsHeld(Person.Visitor("phone")));
    }

    [Fact]
    public async Task Nor_does_a_device_of_somebody_of_whom_only_their_links_are_remembered()
    {
        await MixedPopulationAsync();
        Person[] circle = [Person.Customer("linked"), Person.Customer("second-account"), Person.Visitor("phone")];
        await _shop.Shop.Identities.OfAsync(circle[0], Stop);
        _shop.Shop.Histories.Forget(circle);

        await AllAsync(new() { CustomerIds = { "linked" }, Preview = true });

        Assert.DoesNotContain(circle, _shop.Shop.Histories.IsHeld);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_by_its_field_before_anybody_is_answered()
    {
        Assert.Contains("customer_ids[1]", (await RefusedAsync(new() { CustomerIds = { "a", "" } })).Status.Detail, StringComparison.Ordinal);
        Assert.Contains("count is 1001, it must be 1 to 1000", (await RefusedAsync(new() { Count = 1001 })).Status.Detail, StringComparison.Ordinal);
        Assert.Contains("give either", (await RefusedAsync(new() { CustomerIds = { "a" }, CustomerSearch = "b" })).Status.Detail, StringComparison.Ordinal);
        Assert.Contains("did you mean item.price?", (await RefusedAsync(new() { Filter = "item.prize < 3.0" })).Status.Detail, StringComparison.Ordinal);
        Assert.Contains("boosts[0].filter", (await RefusedAsync(new() { Boosts = { new Boost { Filter = "item.prize < 3.0", Factor = 2 } } })).Status.Detail, StringComparison.Ordinal);
        Assert.Contains("there is no scenario \"hom\"", (await RefusedAsync(new() { Scenario = "hom" })).Status.Detail, StringComparison.Ordinal);
        var filter = await RefusedAsync(new() { CustomerFilter = "customer.nothing == 1" });
        Assert.Equal(StatusCode.InvalidArgument, filter.StatusCode);
        Assert.StartsWith("customer_filter: ", filter.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_JSON_it_is_a_message_a_line()
    {
        var wanted = await AllAsync(new() { Count = 2, Preview = true });
        using var answer = await _shop.Http.PostAsJsonAsync("/v1/recommendBatch", new { count = 2, preview = true }, Stop);

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
        string[] lines = (await answer.Content.ReadAsStringAsync(Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(wanted.Count, lines.Length);
        var ids = lines.SelectMany(line => JsonNode.Parse(line)!["recommendations"]!.AsArray()).Select(one => one!["customer_id"]!.GetValue<string>());
        Assert.Equal(Ids(wanted), ids);
    }

    private static Request Mailing { get; } = new("weekly");

    private static IEnumerable<string> Ids(IEnumerable<RecommendBatchResponse> messages) => messages.SelectMany(message => message.Recommendations).Select(one => one.CustomerId);

    private async Task<List<RecommendBatchResponse>> AllAsync(RecommendBatchRequest request)
    {
        using var call = _shop.Recommendations.RecommendBatch(request, cancellationToken: Stop);
        var messages = new List<RecommendBatchResponse>();
        await foreach (var message in call.ResponseStream.ReadAllAsync(Stop)) messages.Add(message);
        return messages;
    }

    private Task<RpcException> RefusedAsync(RecommendBatchRequest request) => Assert.ThrowsAsync<RpcException>(() => AllAsync(request));

    private static Customer Described(string id, string country) => new() { CustomerId = id, Attributes = { ["country"] = new AttributeValue { Text = country } } };

    /// <summary>Long and short histories, none, rejected items, linked devices and accounts, the dormant, the unhappy, the forgotten, those who declined, those mailed enough.</summary>
    private async Task<string[]> MixedPopulationAsync()
    {
        await _shop.Scenarios.UpsertScenarioAsync(new()
        {
            Scenario = new Scenario
            {
                ScenarioId = "weekly",
                Channel = "mail",
                DefaultCount = 6,
                Filter = "item.price < 25.0",
                Boosts = { new Boost { Filter = "item.price < 8.0", Factor = 3 } },
                Stages =
                {
                    ["exploration"] = new StageBehaviour { Explore = 0.5 },
                    ["dissolution"] = new StageBehaviour { BringBack = { BringBack.LeftInCart, BringBack.NewSinceLastVisit } },
                },
                Guardrails = { new Guardrail { Indicator = "satisfaction", Below = 40, StaySilent = true } },
            },
        });
        string[] added = ["cart", "reader-of-all", "one-view", "hides", "unhappy", "declined", "enough", "linked", "second-account", "gone", "profile-only"];
        await _shop.RecordAsync([.. Enumerable.Range(0, 5).Select(n => At(Purchase($"cart-{n}", "cart", Crime(n)), daysAgo: 340 - 10 * n)),
            At(new Event { EventId = "cart-left", Type = "cart_add", CustomerId = "cart", ItemId = Crime(9) }, 299),
            .. Enumerable.Range(0, Kind).Select(n => Purchase($"all-{n}", "reader-of-all", Crime(n))), .. Enumerable.Range(0, Kind).Select(n => Purchase($"all-g-{n}", "reader-of-all", Garden(n))),
            new Event { EventId = "view-1", Type = "view", CustomerId = "one-view", ItemId = Garden(3) },
            Purchase("hides-1", "hides", Crime(4)), new Event { EventId = "hides-2", Type = "hide", CustomerId = "hides", ItemId = Crime(0) },
            .. Enumerable.Range(0, 4).Select(n => At(Purchase($"unhappy-{n}", "unhappy", Crime(n)), 40 - 10 * n)),
            new Event { EventId = "bad", Type = "rating", CustomerId = "unhappy", ItemId = Crime(1), Rating = 1 }, new Event { EventId = "angry", Type = "complaint", CustomerId = "unhappy", Text = "It came torn." },
            Purchase("enough-1", "enough", Garden(2)), Purchase("linked-1", "linked", Garden(5)), Purchase("second-1", "second-account", Garden(6)), Purchase("gone-1", "gone", Garden(7)),
            new Event { EventId = "phone-1", Type = "view", VisitorId = "phone", ItemId = Garden(1) }]);
        await _shop.Identity.LinkAsync(new() { FromVisitorId = "phone", CustomerId = "linked" });
        await _shop.Identity.LinkAsync(new() { FromCustomerId = "second-account", CustomerId = "linked" });
        await _shop.Customers.EraseCustomerAsync(new() { CustomerId = "gone" });
        await _shop.Catalog.UpsertItemsAsync(new() { Items = { new Item { ItemId = "crime-new", Attributes = { ["genre"] = new AttributeValue { Text = "crime" }, ["price"] = new AttributeValue { Number = 6 } } } } });
        string[] readers = [.. from kind in (string[])["crime", "garden"] from n in Enumerable.Range(0, Readers) select $"{kind}-reader-{n}"];
        foreach (string id in readers.Where((_, n) => n % 3 != 0).Concat(added.Except(["gone", "declined"])))
            await _shop.Customers.SetConsentAsync(new() { CustomerId = id, Purpose = "marketing", Channel = "mail", Granted = true });
        await _shop.Customers.SetConsentAsync(new() { CustomerId = "declined", Purpose = "marketing", Channel = "mail", Granted = false });
        for (int n = 0; n < 2; n++)
        {
            await _shop.Contacts.ReserveContactAsync(new() { ContactId = $"mail-{n}", CustomerId = "enough", Channel = "mail" });
            await _shop.Contacts.ConfirmContactAsync(new() { ContactId = $"mail-{n}" });
        }
        return [.. readers, .. added];
    }

    private Event At(Event happened, int daysAgo)
    {
        happened.OccurredAt = Timestamp.FromDateTimeOffset(_shop.Clock.GetUtcNow().AddDays(-daysAgo));
        return happened;
    }

    private sealed record Request(string Scenario)
    {
        public bool Boosts { get; init; }

        public bool Reasons { get; init; } = true;

        private Boost[] More => Boosts ? [new Boost { Filter = "item.genre == 'garden'", Factor = 0.9 }] : [];

        public RecommendBatchRequest Batch => new() { Scenario = Scenario, Reasons = Reasons, PropertyMask = FieldMask.FromString("title"), Boosts = { More }, ExcludeItemIds = { Crime(2) } };

        public RecommendRequest One(string customer) => new() { CustomerId = customer, Scenario = Scenario, PropertyMask = FieldMask.FromString("title"), Boosts = { More }, ExcludeItemIds = { Crime(2) } };
    }
}
