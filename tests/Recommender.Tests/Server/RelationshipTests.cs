using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Protocol.V1;
using Recommender.Server.Relationships;
using static Recommender.Tests.Server.PlantedShop;
using LifeCycleStage = Recommender.LifeCycle.LifeCycleStage;
using Person = Recommender.Interactions.Person;

namespace Recommender.Tests.Server;

public sealed class RelationshipTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    [Fact]
    public async Task Purchases_in_a_rhythm_lead_through_the_stages_on_the_days_they_were_made()
    {
        await shop.RecordAsync(At(View("steady", Crime(1)), -101));
        Assert.Equal("exploration", (await StageAsync("steady")).Stage);
        await BuyAsync("steady", -100, -90, -80, -70, -60, -50, -40, -30, -20, -10, 0);

        var life = await StageAsync("steady");

        Assert.Equal("engagement", life.Stage);
        Assert.Equal([("exploration", "awareness", Day(-100)), ("awareness", "expansion", Day(-90)), ("expansion", "engagement", Day(-60))],
            life.Changes.Select(change => (change.From, change.To, change.At.ToDateTimeOffset())));
        Assert.Equal("bought for the first time", life.Changes[0].Reason);
        Assert.Contains("every 10 days", life.Changes[2].Reason, StringComparison.Ordinal);
        Assert.Equal(Day(-60), life.Since.ToDateTimeOffset());
        Assert.Contains("settled rhythm", life.Definition, StringComparison.Ordinal);
        Assert.InRange(life.ProbabilityAlive, 0.9, 1);
        Assert.InRange(life.ExpectedPurchases, 4, 10);
        Assert.True(life.NextChange.ToDateTimeOffset() > Day(19));
        Assert.Contains("steady", await InStageAsync("engagement"));
        var portrait = await shop.Customers.GetCustomerAsync(new() { CustomerId = "steady" });
        Assert.Equal(("engagement", 3), (portrait.LifeCycle.Stage, portrait.LifeCycle.Changes.Count));
        Assert.InRange(portrait.Intensity.Value, 1, 100);
    }

    [Fact]
    public async Task A_broken_rhythm_is_dated_to_the_day_it_broke_and_the_next_purchase_mends_it()
    {
        await BuyAsync("leaves", -90, -80, -70, -60, -50, -40, -30, -20, -10, 0);
        // Kept behind the answers: written before the clock moves, or it would be written as of then.
        Assert.Contains("leaves", await InStageAsync("engagement"));
        var breaks = (await StageAsync("leaves")).NextChange.ToDateTimeOffset();
        shop.Clock.Advance(breaks - Now + TimeSpan.FromDays(75));
        try
        {
            var gone = await StageAsync("leaves");
            Assert.Equal(("dissolution", breaks), (gone.Stage, gone.Since.ToDateTimeOffset()));
            Assert.Contains("bought every 10 days, silent for", gone.Reason, StringComparison.Ordinal);
            Assert.Null(gone.NextChange);

            Assert.DoesNotContain("leaves", await InStageAsync("dissolution"));
            await PassAsync();
            var listed = (await WholeStageAsync("dissolution")).Single(customer => customer.CustomerId == "leaves");
            Assert.Equal((breaks, gone.Reason, 10), (listed.Since.ToDateTimeOffset(), listed.Reason, listed.Purchases));
            Assert.DoesNotContain("leaves", await InStageAsync("engagement"));

            await shop.RecordAsync(Purchase("leaves-returns", "leaves", Crime(15)));
            var back = await StageAsync("leaves");
            Assert.Equal("expansion", back.Stage);
            Assert.Contains("came back", back.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain("leaves", await InStageAsync("dissolution"));
        }
        finally { shop.Clock.Advance(Now - shop.Clock.GetUtcNow()); }
        // The clock has gone back: what happened has happened, and a pass changes nothing of it.
        var before = await StageAsync("leaves");
        await PassAsync();
        Assert.Equal("expansion", before.Stage);
        Assert.Equal(before, await StageAsync("leaves"));
    }

    [Fact]
    public async Task A_late_event_and_an_undo_rewrite_the_history_and_the_list()
    {
        await BuyAsync("late", -30, -10);
        Assert.Equal("expansion", (await StageAsync("late")).Stage);

        await BuyAsync("late", -60);
        Assert.Equal([Day(-60), Day(-30)], (await StageAsync("late")).Changes.Select(change => change.At.ToDateTimeOffset()));
        Assert.Contains("late", await InStageAsync("expansion"));

        foreach (int day in (int[])[-60, -10]) await shop.Events.UndoEventAsync(new() { EventId = $"late buys {Crime(1)} on {day}" });
        var left = await StageAsync("late");
        Assert.Equal(("awareness", Day(-30)), (left.Stage, left.Since.ToDateTimeOffset()));
        Assert.Contains("late", await InStageAsync("awareness"));
        Assert.DoesNotContain("late", await InStageAsync("expansion"));
    }

    [Fact]
    public async Task A_visitor_with_a_history_changes_the_stage_when_linked_and_again_when_unlinked()
    {
        await BuyAsync("account", -10);
        await shop.RecordAsync(At(new Event { EventId = "guest-40", Type = "purchase", VisitorId = "guest", ItemId = Crime(2) }, -40));
        Assert.Equal("awareness", (await StageAsync("account")).Stage);

        await shop.Identity.LinkAsync(new() { FromVisitorId = "guest", CustomerId = "account" });
        Assert.Equal("expansion", (await StageAsync("account")).Stage);
        Assert.Contains("account", await InStageAsync("expansion"));

        await shop.Identity.UnlinkAsync(new() { FromVisitorId = "guest", CustomerId = "account" });
        Assert.Equal("awareness", (await StageAsync("account")).Stage);
        Assert.Contains("account", await InStageAsync("awareness"));
    }

    [Fact]
    public async Task An_account_that_belongs_to_another_is_in_no_list_of_its_own()
    {
        await BuyAsync("second-account", -20);
        await BuyAsync("first-account", -10);
        Assert.Contains("second-account", await InStageAsync("awareness"));

        await shop.Identity.LinkAsync(new() { FromCustomerId = "second-account", CustomerId = "first-account" });
        Assert.DoesNotContain("second-account", await InStageAsync("awareness"));
        Assert.Equal("first-account", (await StageAsync("second-account")).CustomerId);
        await PassAsync(full: true);
        Assert.DoesNotContain("second-account", await EverywhereAsync());
        Assert.Contains("first-account", await InStageAsync("expansion"));
    }

    [Fact]
    public async Task Stages_are_defined_and_counted_in_their_order()
    {
        // Other tests move the shop's clock on and back again, and a stage is kept until somebody works it out anew.
        await PassAsync(full: true);
        var stages = (await shop.Relationships.ListStagesAsync(new())).Stages;
        Assert.Equal(["exploration", "awareness", "expansion", "engagement", "dissolution"], stages.Select(stage => stage.Stage));
        Assert.All(stages, stage => Assert.NotEmpty(stage.Definition));
        Assert.True(stages.Single(stage => stage.Stage == "awareness").Customers >= 2 * Readers);
    }

    [Fact]
    public async Task The_list_of_a_stage_pages_through_everybody_once_those_first_who_are_expected_to_spend_most()
    {
        for (int i = 0; i < 7; i++) await shop.RecordAsync(Priced($"spender-{i}", -60, 10 * (i + 1)), Priced($"spender-{i}", -30, 10 * (i + 1)));
        string[] once = [.. (await WholeStageAsync("expansion", page: 2)).Select(customer => customer.CustomerId)];
        Assert.Equal(once.Distinct(), once);
        Assert.Equal(Enumerable.Range(0, 7).Reverse().Select(i => $"spender-{i}"), once.Where(id => id.StartsWith("spender-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Key_accounts_are_the_fewest_customers_who_make_the_part_of_the_margin()
    {
        await shop.RecordAsync(Money("whale", 600, "CHF"), Money("dolphin", 300, "CHF"), Money("minnow", 90, "CHF"), Money("shrimp", 10, "CHF"));
        await shop.RecordAsync(Money("brings-back", 5000, "CHF"), new Event { EventId = "brought-back", Type = "return", CustomerId = "brings-back", ItemId = Crime(0) });
        var half = await shop.Relationships.ListKeyAccountsAsync(new() { Share = 0.5, Currency = "CHF" });
        Assert.Equal([("whale", 600)], half.Accounts.Select(account => (account.CustomerId, account.Margin)));
        Assert.Equal((1000, 600, "CHF"), (half.TotalMargin, half.CoveredMargin, half.Currency));
        var most = await shop.Relationships.ListKeyAccountsAsync(new() { Share = 0.9, Currency = "CHF" });
        Assert.Equal(["whale", "dolphin"], most.Accounts.Select(account => account.CustomerId));

        var problem = await Assert.ThrowsAsync<RpcException>(async () => await shop.Relationships.ListKeyAccountsAsync(new() { Share = 1.5 }));
        Assert.Equal(StatusCode.InvalidArgument, problem.StatusCode);
        await shop.RecordAsync(Money("abroad", 10, "JPY"));
        var several = await Assert.ThrowsAsync<RpcException>(async () => await shop.Relationships.ListKeyAccountsAsync(new()));
        Assert.Equal(StatusCode.FailedPrecondition, several.StatusCode);
        Assert.Contains("CHF, ", several.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_is_known_speaks_in_the_indicators()
    {
        await shop.RecordAsync(At(View("quiet", Crime(1)), -1));
        var quiet = await shop.Relationships.GetIndicatorsAsync(new() { CustomerId = "quiet" });
        Assert.Null(quiet.Satisfaction);
        Assert.NotNull(quiet.Intensity);
        Assert.Null((await shop.Relationships.GetIndicatorsAsync(new() { CustomerId = "never heard of" })).Intensity);

        await shop.RecordAsync(At(new Event { EventId = "angry-1", Type = "complaint", CustomerId = "angry", Text = "it came late" }, -1),
            At(new Event { EventId = "angry-2", Type = "rating", CustomerId = "angry", ItemId = Crime(1), Rating = 1 }, -1));
        var angry = (await shop.Relationships.GetIndicatorsAsync(new() { CustomerId = "angry" })).Satisfaction;
        Assert.InRange(angry.Value, 0, 30);
        Assert.Equal(["ratings", "complaints"], angry.Parts.Select(part => part.Name));
        Assert.Equal(1, angry.Parts.Sum(part => part.Weight), 9);
        Assert.Equal(angry.Value, angry.Parts.Sum(part => 100 * part.Value * part.Weight), 6);
        Assert.Contains("1.0 of 5 stars", angry.Parts[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_account_with_trouble_is_handed_over_with_a_briefing()
    {
        await shop.RecordAsync([.. Enumerable.Range(0, 6).Select(i => Money("vip", 100_000, "SEK", Crime(i), -35 + 7 * i))]);
        await SetOptionsAsync("""{"currency": "SEK", "category_attribute": "genre"}""");
        try
        {
            await PassAsync();
            Assert.False((await BriefingAsync("vip")).HandOver);
            await shop.RecordAsync(At(new Event { EventId = "vip-angry", Type = "complaint", CustomerId = "vip", ItemId = Crime(9), Text = "pages are missing" }, -1));

            var briefing = await BriefingAsync("vip");

            Assert.True(briefing is { HandOver: true, KeyAccount: true });
            Assert.Contains(briefing.Reasons, reason => reason.Contains("complaint", StringComparison.Ordinal));
            Assert.Contains("genre: crime", briefing.Tastes);
            Assert.Equal(("complaint", "pages are missing"), (briefing.Issues[0].Kind, briefing.Issues[0].Text));
            Assert.Equal(3, briefing.Offers.Count);
            Assert.All(briefing.Offers, offer => Assert.NotEqual(Crime(9), offer.ItemId));
            Assert.Contains("crime", briefing.Offers[0].ItemId, StringComparison.Ordinal);
            Assert.False((await BriefingAsync("crime-reader-1")).HandOver);
        }
        finally { await SetOptionsAsync("{}"); }
    }

    [Fact]
    public async Task Occasions_come_up_in_their_lead_time()
    {
        var today = DateOnly.FromDateTime(Now.UtcDateTime);
        await shop.Customers.UpdateCustomerAsync(new() { CustomerId = "leapling", SetDates = { ["birthday"] = "1984-02-29" } });
        await shop.Customers.UpdateCustomerAsync(new() { CustomerId = "married", SetDates = { ["wedding day"] = $"{today.AddYears(-4).AddDays(5):yyyy-MM-dd}" } });
        await shop.RecordAsync([.. Enumerable.Range(0, 4).Select(i => Bought("drinker", Garden(3), -15 * (4 - i)))]);
        await shop.RecordAsync([.. Enumerable.Range(0, 4).Select(i => Gift("giver", Garden(3), -15 * (4 - i)))]);

        var soon = await OccasionsAsync(new() { WithinDays = 7 });
        Assert.Contains(("married", "customer_date"), soon.Select(one => (one.CustomerId, one.Occasion.Kind)));
        var due = soon.Single(one => one is { CustomerId: "drinker", Occasion.Kind: "replenishment" }).Occasion;
        Assert.Equal(Garden(3), due.ItemId);
        Assert.Contains("every 15 days", due.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(soon, one => one is { CustomerId: "giver", Occasion.Kind: "replenishment" });
        Assert.DoesNotContain(await OccasionsAsync(new() { WithinDays = 4 }), one => one.CustomerId == "married");

        var birthday = (await OccasionsAsync(new() { WithinDays = 366, Kinds = { "birthday" } })).Single(one => one.CustomerId == "leapling").Occasion;
        Assert.Contains(birthday.On[4..], (string[])["-02-28", "-02-29"]);
        Assert.Equal(DateTime.IsLeapYear(int.Parse(birthday.On[..4], System.Globalization.CultureInfo.InvariantCulture)) ? "-02-29" : "-02-28", birthday.On[4..]);
    }

    [Fact]
    public async Task Who_was_erased_is_in_no_list()
    {
        await shop.Customers.UpdateCustomerAsync(new() { CustomerId = "erased", SetDates = { ["birthday"] = "1984-05-17" } });
        await shop.RecordAsync(Money("erased", 77, "NOK"), Money("not-erased", 77, "EUR"));
        Assert.Contains("erased", await EverywhereAsync());
        await shop.Customers.EraseCustomerAsync(new() { CustomerId = "erased" });
        await PassAsync(full: true);
        Assert.DoesNotContain("erased", await EverywhereAsync());
        Assert.DoesNotContain(await OccasionsAsync(new() { WithinDays = 366 }), one => one.CustomerId == "erased");
        var none = await Assert.ThrowsAsync<RpcException>(async () => await shop.Relationships.ListKeyAccountsAsync(new() { Currency = "NOK" }));
        Assert.Equal(StatusCode.InvalidArgument, none.StatusCode);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await StageAsync("erased"));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
    }

    [Fact]
    public async Task A_pass_that_was_cut_off_is_taken_up_and_gives_what_one_run_gives()
    {
        await PassAsync(full: true);
        var whole = await StatesAsync();
        for (int cut = 0; cut < 3; cut++)
        {
            using var stop = new CancellationTokenSource();
            var pass = shop.Shop.Pass.RunAsync(full: true, new Cutting(stop), stop.Token);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pass);
        }
        Assert.Equal(whole, await StatesAsync());
        var rest = await PassAsync();
        Assert.True(rest.Everybody, "the pass that was begun goes on");
        Assert.Equal(whole, await StatesAsync());
        Assert.False((await PassAsync()).Everybody);
    }

    [Fact]
    public async Task What_was_imported_behind_the_servers_back_is_worked_out_by_the_next_pass()
    {
        await PassAsync();
        await shop.Shop.Store.Events.AppendAsync(shop.Shop.Tenant, [new() { EventId = "behind", Type = "purchase", Person = Person.Customer("behind"), ItemId = Crime(1), OccurredAt = Now }], TestContext.Current.CancellationToken);
        Assert.DoesNotContain("behind", await InStageAsync("awareness"));
        var pass = await PassAsync();
        Assert.False(pass.Everybody);
        Assert.Contains("behind", await InStageAsync("awareness"));
    }

    [Fact]
    public async Task Reviews_of_an_item_are_counted_and_their_texts_kept()
    {
        await shop.RecordAsync(Stars("r1", "rita", 5, "wonderful"), Stars("r2", "ron", 2, ""), Stars("r3", "rita", 4, "on second thought"), Stars("r4", "rob", 1, "taken back"));
        await shop.Events.UndoEventAsync(new() { EventId = "r4" });
        var first = await shop.Relationships.ListReviewsAsync(new() { ItemId = Garden(19), PageSize = 2 });
        Assert.Equal((3, 2, 3.0), (first.ReviewsTotal, first.TextsTotal, first.MeanStars));
        Assert.Equal([0, 0, 1, 0, 1, 0], first.Stars);
        Assert.Equal(["on second thought", ""], first.Reviews.Select(review => review.Text));
        var rest = await shop.Relationships.ListReviewsAsync(new() { ItemId = Garden(19), PageSize = 2, PageToken = first.NextPageToken });
        Assert.Equal(["wonderful"], rest.Reviews.Select(review => review.Text));
        Assert.Empty(rest.NextPageToken);
    }

    [Theory]
    [InlineData("""{"life_cycle": {"alive_treshold": 0.4}}""", "alive_threshold")]
    [InlineData("""{"life_cycle": {"alive_threshold": 1.4}}""", "0.99")]
    [InlineData("""{"key_account_share": 0}""", "0.01")]
    [InlineData("""{"time_zone": "Europe/Atlantis"}""", "Atlantis")]
    [InlineData("""{"lead_days": "soon"}""", "lead_days")]
    [InlineData("""{""", "relationship options")]
    public async Task Options_that_cannot_be_are_refused_and_the_old_ones_stay(string json, string named)
    {
        var problem = await Assert.ThrowsAsync<RpcException>(() => SetOptionsAsync(json));
        Assert.Equal(StatusCode.InvalidArgument, problem.StatusCode);
        Assert.Contains(named, problem.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("\"time_zone\": \"UTC\"", (await shop.Relationships.GetRelationshipOptionsAsync(new())).OptionsJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_ends_at_midnight_of_the_shop()
    {
        var midnightInUtc = new DateTimeOffset(2026, 3, 4, 23, 30, 0, TimeSpan.Zero);
        await shop.RecordAsync(new Event { EventId = "late-evening", Type = "purchase", CustomerId = "viennese", ItemId = Crime(1), OccurredAt = Timestamp.FromDateTimeOffset(midnightInUtc) });
        await SetOptionsAsync("""{"time_zone": "Europe/Vienna"}""");
        try { Assert.Equal(new DateTimeOffset(2026, 3, 5, 0, 0, 0, TimeSpan.FromHours(1)), (await StageAsync("viennese")).Changes[0].At.ToDateTimeOffset()); }
        finally { await SetOptionsAsync("{}"); }
    }

    [Fact]
    public async Task A_stage_or_an_occasion_nobody_knows_is_refused_with_the_nearest()
    {
        var stage = await Assert.ThrowsAsync<RpcException>(() => WholeStageAsync("disolution"));
        Assert.Equal(StatusCode.InvalidArgument, stage.StatusCode);
        Assert.Contains("dissolution", stage.Status.Detail, StringComparison.Ordinal);
        var kind = await Assert.ThrowsAsync<RpcException>(() => OccasionsAsync(new() { Kinds = { "birtday" } }));
        Assert.Contains("birthday", kind.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => OccasionsAsync(new() { WithinDays = 400 }))).StatusCode);
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(async () => await shop.Relationships.FitLifeCycleAsync(new() { Unit = "month" }))).StatusCode);
    }

    [Fact]
    public async Task The_next_answer_knows_what_was_left_in_the_cart_and_when_the_last_visit_was()
    {
        await shop.RecordAsync(At(CartAdd("ca1", Crime(1)), -3), At(CartAdd("ca2", Crime(2)), -2), At(CartAdd("ca3", Crime(3)), -2));
        await shop.RecordAsync(At(new Event { EventId = "ca4", Type = "cart_remove", CustomerId = "carter", ItemId = Crime(3) }, -2));
        var view = await ViewAsync("carter");
        Assert.Equal([Crime(2), Crime(1)], view!.LeftInCart);
        Assert.Equal(Day(-2), new DateTimeOffset(view.LastVisit!.Value.UtcDateTime.Date, TimeSpan.Zero));
        Assert.Same(view, await ViewAsync("carter"));

        await shop.RecordAsync(new Event { EventId = "ca5", Type = "view", CustomerId = "carter", ItemId = Crime(5) });
        Assert.Equal(view.LastVisit, (await ViewAsync("carter"))!.LastVisit);
        await shop.RecordAsync(Purchase("ca6", "carter", Crime(2)));
        var after = await ViewAsync("carter");
        Assert.Equal([Crime(1)], after!.LeftInCart);
        Assert.Equal(LifeCycleStage.Awareness, after.Stage);
        await shop.RecordAsync(new Event { EventId = "anonymous", Type = "purchase", VisitorId = "anonymous", ItemId = Crime(5) });
        var visitor = await shop.Shop.Identities.OfAsync(Person.Visitor("anonymous"), default);
        Assert.Equal(LifeCycleStage.Exploration, (await shop.Shop.Relationships.OfAsync(visitor, default))!.Stage);
        Assert.Null(await ViewAsync("never seen"));
    }

    [Fact]
    public async Task Saying_something_of_oneself_makes_one_known_at_once()
    {
        await shop.RecordAsync(At(View("newsletter", Crime(1)), -1));
        Assert.Equal(LifeCycleStage.Exploration, (await ViewAsync("newsletter"))!.Stage);
        await shop.Customers.SetConsentAsync(new() { CustomerId = "newsletter", Purpose = "marketing", Channel = "mail", Granted = true });
        Assert.Equal(LifeCycleStage.Awareness, (await ViewAsync("newsletter"))!.Stage);
        Assert.Contains("newsletter", await InStageAsync("awareness"));
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static DateTimeOffset Day(int days) => new(Now.UtcDateTime.Date.AddDays(days), TimeSpan.Zero);

    private static Event At(Event happened, int days)
    {
        happened.OccurredAt = Timestamp.FromDateTimeOffset(Now.AddDays(days));
        return happened;
    }

    private static Event View(string customerId, string itemId) => new() { EventId = $"{customerId} sees {itemId}", Type = "view", CustomerId = customerId, ItemId = itemId };

    private static Event CartAdd(string eventId, string itemId) => new() { EventId = eventId, Type = "cart_add", CustomerId = "carter", ItemId = itemId };

    private static Event Bought(string customerId, string itemId, int day) => At(Purchase($"{customerId} buys {itemId} on {day}", customerId, itemId), day);

    private static Event Gift(string customerId, string itemId, int day)
    {
        var gift = Bought(customerId, itemId, day);
        gift.Gift = true;
        return gift;
    }

    private static Event Money(string customerId, double price, string currency, string? itemId = null, int day = 0)
    {
        var bought = Bought(customerId, itemId ?? Crime(0), day);
        (bought.Price, bought.Currency) = (price, currency);
        return bought;
    }

    private static Event Priced(string customerId, int day, double price) => Money(customerId, price, "EUR", Crime(-day / 10), day);

    private static Event Stars(string eventId, string customerId, double stars, string text) =>
        new() { EventId = eventId, Type = text.Length > 0 ? "review" : "rating", CustomerId = customerId, ItemId = Garden(19), Rating = stars, Text = text };

    private Task BuyAsync(string customerId, params int[] days) => shop.RecordAsync([.. days.Select(day => Bought(customerId, Crime(1), day))]);

    private async Task<Protocol.V1.LifeCycle> StageAsync(string customerId) => await shop.Relationships.GetLifeCycleAsync(new() { CustomerId = customerId });

    private async Task<CustomerBriefing> BriefingAsync(string customerId) => await shop.Relationships.GetBriefingAsync(new() { CustomerId = customerId });

    private async Task<RelationshipView?> ViewAsync(string customerId) =>
        await shop.Shop.Relationships.OfAsync(await shop.Shop.Identities.OfAsync(Person.Customer(customerId), default), default);

    private async Task SetOptionsAsync(string json) => await shop.Relationships.SetRelationshipOptionsAsync(new() { OptionsJson = json });

    private async Task<PassProgress> PassAsync(bool full = false)
    {
        using var call = shop.Relationships.RunPass(new() { Full = full });
        PassProgress last = new();
        await foreach (var step in call.ResponseStream.ReadAllAsync()) last = step;
        Assert.True(last.Done);
        return last;
    }

    private async Task<IReadOnlyList<StageCustomer>> WholeStageAsync(string stage, int page = 1000)
    {
        var customers = new List<StageCustomer>();
        string token = "";
        do
        {
            var answer = await shop.Relationships.ListStageCustomersAsync(new() { Stage = stage, PageSize = page, PageToken = token });
            customers.AddRange(answer.Customers);
            token = answer.NextPageToken;
        }
        while (token.Length > 0);
        return customers;
    }

    private async Task<IEnumerable<string>> InStageAsync(string stage) => (await WholeStageAsync(stage)).Select(customer => customer.CustomerId);

    private async Task<IReadOnlyList<string>> EverywhereAsync()
    {
        var everywhere = new List<string>();
        foreach (string stage in (string[])["exploration", "awareness", "expansion", "engagement", "dissolution"]) everywhere.AddRange(await InStageAsync(stage));
        return everywhere;
    }

    private async Task<IReadOnlyList<Storage.CustomerState>> StatesAsync() => await shop.Shop.Store.LifeCycle.ListAsync(shop.Shop.Tenant, null, 100_000, default);

    private async Task<IReadOnlyList<CustomerOccasion>> OccasionsAsync(ListOccasionsRequest request)
    {
        var found = new List<CustomerOccasion>();
        request.PageSize = 50;
        do
        {
            var answer = await shop.Relationships.ListOccasionsAsync(request);
            found.AddRange(answer.Occasions);
            request.PageToken = answer.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return found;
    }

    /// <summary>Cancels as soon as the first customers are written.</summary>
    private sealed class Cutting(CancellationTokenSource stop) : IProgress<PassStep>
    {
        public void Report(PassStep value)
        {
            if (value.Customers > 0) stop.Cancel();
        }
    }
}
