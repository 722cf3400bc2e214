using Grpc.Core;
using Recommender.Protocol.V1;
using static Recommender.Tests.Server.PlantedShop;

namespace Recommender.Tests.Server;

public sealed class ContactTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    [Fact]
    public async Task Nobody_is_mailed_without_having_agreed_and_the_answer_says_what_is_missing()
    {
        var unasked = await shop.Contacts.CheckContactAsync(new() { CustomerId = "unasked", Channel = "mail" });
        await ConsentAsync("refuses", granted: false);
        var refused = await shop.Contacts.CheckContactAsync(new() { CustomerId = "refuses", Channel = "mail" });

        Assert.Equal((false, "customer unasked has not agreed to marketing by mail"), (unasked.Allowed, unasked.Reason));
        Assert.Equal((false, "customer refuses declined marketing by mail"), (refused.Allowed, refused.Reason));
        Assert.True((await shop.Contacts.CheckContactAsync(new() { CustomerId = "refuses", Channel = "mail", Purpose = "service" })).Allowed);
        Assert.True((await shop.Contacts.CheckContactAsync(new() { CustomerId = "refuses", Channel = "web" })).Allowed);
    }

    [Fact]
    public async Task A_no_holds_on_every_channel()
    {
        await shop.Customers.SetConsentAsync(new() { CustomerId = "no-store", Purpose = "marketing", Channel = "store", Granted = false });

        Assert.Equal((false, "customer no-store declined marketing by store"), Of(await shop.Contacts.CheckContactAsync(new() { CustomerId = "no-store", Channel = "store" })));
        Assert.True((await shop.Contacts.CheckContactAsync(new() { CustomerId = "said-nothing", Channel = "store" })).Allowed);

        static (bool, string) Of(Protocol.V1.Pressure pressure) => (pressure.Allowed, pressure.Reason);
    }

    [Fact]
    public async Task One_id_is_one_contact_of_one_person()
    {
        await ConsentAsync("owns-id");
        await ConsentAsync("wants-id");
        await shop.Contacts.ReserveContactAsync(Mail("one-id", "owns-id"));

        var taken = await Assert.ThrowsAsync<RpcException>(() => shop.Contacts.ReserveContactAsync(Mail("one-id", "wants-id")).ResponseAsync);

        Assert.Equal(StatusCode.AlreadyExists, taken.StatusCode);
    }

    [Fact]
    public async Task Checking_and_reserving_count_boxes_alike_and_free_the_budget_at_the_moment_they_name()
    {
        await using var own = new PlantedShop();
        await own.InitializeAsync();
        await own.Contacts.SetContactPolicyAsync(new() { Budgets = { new ContactBudget { Channels = { "web", "mail" }, Most = 1, Days = 7 } } });
        await own.RecommendAsync(new() { CustomerId = "boxed", Count = 1 });

        var check = await own.Contacts.CheckContactAsync(new() { CustomerId = "boxed", Channel = "mail" });
        var reserved = await own.Contacts.ReserveContactAsync(Mail("boxed-1", "boxed"));

        Assert.False(check.Allowed);
        Assert.Equal(check, reserved.Pressure);
    }

    [Fact]
    public async Task Whoever_is_silent_gets_one_mail_in_two_weeks()
    {
        await using var own = new PlantedShop();
        await own.InitializeAsync();
        await ConsentAsync(own, "silent");
        for (int visit = 0; visit < 5; visit++)
        {
            await own.RecordAsync(Purchase($"silent-{visit}", "silent", Crime(visit)));
            own.Clock.Advance(TimeSpan.FromDays(10));
        }
        own.Clock.Advance(TimeSpan.FromDays(300));

        Assert.True((await own.Contacts.ReserveContactAsync(Mail("silent-mail-1", "silent"))).Pressure.Allowed);
        Assert.StartsWith("1 mail in 14 days in dissolution are enough", (await own.Contacts.ReserveContactAsync(Mail("silent-mail-2", "silent"))).Pressure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_mail_too_many_is_silenced_until_the_window_has_room_again()
    {
        await using var own = new PlantedShop();
        await own.InitializeAsync();
        await ConsentAsync(own, "mailed");
        foreach (int n in (int[])[1, 2])
        {
            Assert.True((await own.Contacts.ReserveContactAsync(Mail($"m{n}", "mailed"))).Pressure.Allowed);
            await own.Contacts.ConfirmContactAsync(new() { ContactId = $"m{n}" });
        }

        var third = await own.Contacts.ReserveContactAsync(Mail("m3", "mailed"));

        Assert.False(third.Pressure.Allowed);
        Assert.StartsWith("2 mail in 7 days are enough; the next from ", third.Pressure.Reason, StringComparison.Ordinal);
        Assert.Null(third.Contact);
        var recommendation = await own.RecommendAsync(new() { CustomerId = "mailed", Channel = "mail" });
        Assert.False(recommendation.Pressure.Allowed);
        Assert.Empty(recommendation.Items);
        Assert.Empty(recommendation.RecommendationId);
        Assert.NotEmpty((await own.RecommendAsync(new() { CustomerId = "mailed", Channel = "mail", Preview = true })).Items);
        Assert.NotEmpty((await own.RecommendAsync(new() { CustomerId = "mailed" })).Items);

        own.Clock.Advance(third.Pressure.AllowedFrom.ToDateTimeOffset() - own.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        Assert.True((await own.Contacts.ReserveContactAsync(Mail("m3", "mailed"))).Pressure.Allowed);
    }

    [Fact]
    public async Task Of_many_senders_who_want_the_last_contact_one_gets_it()
    {
        await ConsentAsync("wanted");
        Assert.True((await shop.Contacts.ReserveContactAsync(Mail("wanted-0", "wanted"))).Pressure.Allowed);

        var answers = await Task.WhenAll(Enumerable.Range(1, 16).Select(n => shop.Contacts.ReserveContactAsync(Mail($"wanted-{n}", "wanted")).ResponseAsync));

        Assert.Equal(1, answers.Count(answer => answer.Pressure.Allowed));
    }

    [Fact]
    public async Task Reserving_twice_under_one_id_is_reserving_once()
    {
        await ConsentAsync("retried");
        foreach (var _ in Enumerable.Range(0, 5)) Assert.True((await shop.Contacts.ReserveContactAsync(Mail("retry-1", "retried"))).Pressure.Allowed);

        Assert.Single((await shop.Contacts.GetLedgerAsync(new() { CustomerId = "retried" })).Contacts);
    }

    [Fact]
    public async Task What_is_not_sent_is_free_again_when_cancelled_or_expired_and_what_was_sent_counts_however_late()
    {
        await using var own = new PlantedShop();
        await own.InitializeAsync();
        await ConsentAsync(own, "frees");
        await own.Contacts.ReserveContactAsync(Mail("f1", "frees"));
        await own.Contacts.ReserveContactAsync(Mail("f2", "frees"));
        await own.Contacts.CancelContactAsync(new() { ContactId = "f1" });
        own.Clock.Advance(TimeSpan.FromMinutes(61));

        var ledger = await own.Contacts.GetLedgerAsync(new() { CustomerId = "frees" });
        Assert.Equal([ContactState.Cancelled, ContactState.Expired], ledger.Contacts.Select(contact => contact.State));
        Assert.Equal(0, ledger.Budgets.Single(budget => budget.Name == "2 mail in 7 days").Used);

        await own.Contacts.ConfirmContactAsync(new() { ContactId = "f2" });
        Assert.Equal(1, (await own.Contacts.GetLedgerAsync(new() { CustomerId = "frees" })).Budgets.Single(budget => budget.Name == "2 mail in 7 days").Used);
        var late = await Assert.ThrowsAsync<RpcException>(() => own.Contacts.CancelContactAsync(new() { ContactId = "f2" }).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, late.StatusCode);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => own.Contacts.ConfirmContactAsync(new() { ContactId = "never" }).ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task Linked_devices_and_accounts_share_one_budget()
    {
        await ConsentAsync("family");
        await shop.Identity.LinkAsync(new() { FromCustomerId = "family-old", CustomerId = "family" });
        await shop.Contacts.ReserveContactAsync(Mail("fam-1", "family"));
        await shop.Contacts.ReserveContactAsync(Mail("fam-2", "family-old"));

        Assert.False((await shop.Contacts.CheckContactAsync(new() { CustomerId = "family-old", Channel = "mail" })).Allowed);
    }

    [Fact]
    public async Task Boxes_on_the_site_count_where_a_budget_says_so()
    {
        await using var own = new PlantedShop();
        await own.InitializeAsync();
        var policy = await own.Contacts.GetContactPolicyAsync(new());
        policy.Budgets.Add(new ContactBudget { Channels = { "web" }, Most = 3, Days = 1 });
        await own.Contacts.SetContactPolicyAsync(policy);

        for (int n = 0; n < 3; n++) Assert.True((await own.RecommendAsync(new() { CustomerId = "clicks", Count = 2 })).Pressure.Allowed);
        var fourth = await own.RecommendAsync(new() { CustomerId = "clicks", Count = 2 });

        Assert.False(fourth.Pressure.Allowed);
        Assert.Contains("3 web in 1 day are enough", fourth.Pressure.Reason, StringComparison.Ordinal);
        Assert.True((await own.RecommendAsync(new() { CustomerId = "somebody-else", Count = 2 })).Pressure.Allowed);
        await own.StopAsync();
        await own.StartAsync();
        Assert.False((await own.RecommendAsync(new() { CustomerId = "clicks", Count = 2 })).Pressure.Allowed);
        own.Clock.Advance(TimeSpan.FromDays(1));
        Assert.True((await own.RecommendAsync(new() { CustomerId = "clicks", Count = 2 })).Pressure.Allowed);
    }

    [Fact]
    public async Task What_is_shown_and_ignored_makes_room_and_comes_back_later()
    {
        await using var own = new PlantedShop();
        await own.InitializeAsync();
        var rotation = new Rotation { AfterShown = 2, RestDays = 5 };
        await own.Scenarios.UpsertScenarioAsync(new() { Scenario = new Scenario { ScenarioId = "rotating", Rotation = rotation } });
        var request = new RecommendRequest { CustomerId = "crime-reader-1", Scenario = "rotating", Count = 3 };

        var first = await own.RecommendAsync(request);
        Assert.Equal(Ids(first), Ids(await own.RecommendAsync(request)));
        var why = await own.Recommendations.WhyNotAsync(new() { CustomerId = "crime-reader-1", Scenario = "rotating", ItemId = first.Items[0].ItemId });
        Assert.Equal(WhyNotResponse.Types.Verdict.Resting, why.Verdict);
        var rotated = await own.RecommendAsync(request);
        Assert.Empty(Ids(rotated).Intersect(Ids(first)));

        own.Clock.Advance(TimeSpan.FromDays(6));
        Assert.Equal(Ids(first), Ids(await own.RecommendAsync(request)));

        static IEnumerable<string> Ids(RecommendResponse answer) => answer.Items.Select(item => item.ItemId);
    }

    [Fact]
    public async Task What_was_shown_where_nobody_asked_for_it_counts_where_somebody_does()
    {
        await using var own = new PlantedShop();
        await own.InitializeAsync();
        var rotation = new Rotation { AfterShown = 2, RestDays = 5 };
        await own.Scenarios.UpsertScenarioAsync(new() { Scenario = new Scenario { ScenarioId = "rotating", Rotation = rotation } });
        var request = new RecommendRequest { CustomerId = "crime-reader-1", Count = 3 };
        var shown = new[] { await own.RecommendAsync(request), await own.RecommendAsync(request) }
            .SelectMany(answer => answer.Items.Select(item => item.ItemId)).Distinct();

        request.Scenario = "rotating";
        var first = await own.RecommendAsync(request);
        var second = await own.RecommendAsync(request);
        var third = await own.RecommendAsync(request);

        Assert.Empty(first.Items.Select(item => item.ItemId).Intersect(shown));
        // From the first question on it is noted, not read.
        Assert.Equal(first.Items.Select(item => item.ItemId), second.Items.Select(item => item.ItemId));
        Assert.Empty(third.Items.Select(item => item.ItemId).Intersect(first.Items.Select(item => item.ItemId)));
    }

    [Fact]
    public async Task The_ledger_shows_contacts_boxes_and_what_is_left()
    {
        await ConsentAsync("ledger");
        await shop.Contacts.ReserveContactAsync(Mail("led-1", "ledger"));
        var box = await shop.RecommendAsync(new() { CustomerId = "ledger", Count = 2 });

        var ledger = await shop.Contacts.GetLedgerAsync(new() { CustomerId = "ledger" });

        Assert.Equal("led-1", Assert.Single(ledger.Contacts).ContactId);
        Assert.Equal(box.RecommendationId, Assert.Single(ledger.Exposures).RecommendationId);
        Assert.Contains(ledger.Budgets, budget => budget is { Name: "2 mail in 7 days", Used: 1, Most: 2 });
    }

    [Fact]
    public async Task A_policy_that_makes_no_sense_is_refused_with_what_is_wrong()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => shop.Contacts.SetContactPolicyAsync(
            new() { Budgets = { new ContactBudget { Most = -1, Days = 0, Stages = { "dissolutoin" } } } }).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("budgets[0].most", refused.Status.Detail, StringComparison.Ordinal);
    }

    private Task<Customer> ConsentAsync(string customer, bool granted = true) => ConsentAsync(shop, customer, granted);

    private static Task<Customer> ConsentAsync(PlantedShop shop, string customer, bool granted = true) =>
        shop.Customers.SetConsentAsync(new() { CustomerId = customer, Purpose = "marketing", Channel = "mail", Granted = granted }).ResponseAsync;

    private static ReserveContactRequest Mail(string id, string customer) => new() { ContactId = id, CustomerId = customer, Channel = "mail", ItemIds = { Crime(1) } };
}
