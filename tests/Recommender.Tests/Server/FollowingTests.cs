using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Ranking;
using Recommender.Server;
using Recommender.Server.Errors;
using Recommender.Server.Serving;
using Recommender.Server.Training;
using Recommender.Storage;

namespace Recommender.Tests.Server;

/// <summary>What one server does counts at another as soon as it is told, and not before: both remember.</summary>
public sealed class FollowingTests : IAsyncLifetime
{
    private static readonly Person _reader = Person.Customer("crime-reader-1");
    private readonly ServersOfOneShop _servers = new();

    private Shop One => _servers.One;

    private Shop Other => _servers.Other;

    public ValueTask InitializeAsync() => _servers.InitializeAsync();

    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    [Fact]
    public async Task An_event_recorded_at_one_counts_in_the_next_answer_of_the_other_once()
    {
        int before = await CountAsync();
        var stored = await _servers.RecordAsync(One, _servers.Purchase("new", _reader, "garden-00"));
        Assert.Equal(before, await CountAsync());

        ServersOfOneShop.Tell(Other, stored);
        ServersOfOneShop.Tell(Other, stored);
        Assert.Equal(before + 1, await CountAsync());

        async Task<int> CountAsync() => (await Other.OwnEventsOfAsync(_reader, default)).Count;
    }

    [Fact]
    public async Task A_link_is_heard_by_everybody_it_concerns_and_so_is_its_end()
    {
        var (device, customer) = (Person.Visitor("device"), Person.Customer("garden-reader-1"));
        await One.Linking.LinkAsync(Person.Visitor("older device"), customer.Id, null, "sign-in", default);
        foreach (var person in (Person[])[device, customer, Person.Visitor("older device")]) await Other.Identities.OfAsync(person, default);
        await One.Linking.LinkAsync(device, customer.Id, null, "sign-in", default);
        Assert.DoesNotContain(device, (await Other.Identities.OfAsync(Person.Visitor("older device"), default)).People);

        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Link, device), StoreChange.Of(StoredKind.Link, customer));
        Assert.Contains(device, (await Other.Identities.OfAsync(Person.Visitor("older device"), default)).People);

        await Other.Identities.OfAsync(device, default);
        await One.Linking.UnlinkAsync(device, customer.Id, default);
        Assert.Equal(customer, (await Other.Identities.OfAsync(device, default)).Root);
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Link, device), StoreChange.Of(StoredKind.Link, customer));
        Assert.Equal(device, (await Other.Identities.OfAsync(device, default)).Root);
        Assert.DoesNotContain(device, (await Other.Identities.OfAsync(Person.Visitor("older device"), default)).People);
    }

    [Fact]
    public async Task Who_takes_back_a_consent_or_was_mailed_elsewhere_is_asked_about_anew()
    {
        await One.Profiles.ChangeAsync(_reader.Id, Says(true), default);
        Assert.True((await CheckAsync()).Allowed);
        await One.Profiles.ChangeAsync(_reader.Id, Says(false), default);
        Assert.True((await CheckAsync()).Allowed);
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Customer, _reader.Id));
        Assert.False((await CheckAsync()).Allowed);

        await One.Profiles.ChangeAsync(_reader.Id, Says(true), default);
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Customer, _reader));
        Assert.True((await CheckAsync()).Allowed);
        for (int mail = 0; mail < 2; mail++)
            Assert.True((await One.Contacts.ReserveAsync(Mail($"mail-{mail}"), default)).Decision.Allowed);
        Assert.True((await CheckAsync()).Allowed);
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Contact, _reader));
        Assert.False((await CheckAsync()).Allowed);

        ValueTask<PressureDecision> CheckAsync() => Other.Contacts.CheckAsync(_reader, "mail", ContactPolicy.Marketing, default);
        Func<Customer, Customer> Says(bool yes) => known =>
            known with { Consents = known.Consents.Add(new(ContactPolicy.Marketing, "mail", yes, _servers.Clock.GetUtcNow(), "customer")) };
    }

    [Fact]
    public async Task A_mail_is_decided_on_what_the_store_has_even_by_a_server_that_was_told_nothing()
    {
        await One.Profiles.ChangeAsync(_reader.Id, Says(true), default);
        Assert.True((await Other.Contacts.CheckAsync(_reader, "mail", ContactPolicy.Marketing, default)).Allowed);
        await One.Profiles.ChangeAsync(_reader.Id, Says(false), default);
        Assert.False((await Other.Contacts.ReserveAsync(Mail("declined"), default)).Decision.Allowed);

        await One.Profiles.ChangeAsync(_reader.Id, Says(true), default);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(mail => (mail % 2 == 0 ? One : Other).Contacts.ReserveAsync(Mail($"mail-{mail}"), default)));
        Assert.Equal(2, outcomes.Count(outcome => outcome.Decision.Allowed));

        Func<Customer, Customer> Says(bool yes) => known =>
            known with { Consents = known.Consents.Add(new(ContactPolicy.Marketing, "mail", yes, _servers.Clock.GetUtcNow(), "customer")) };
    }

    [Fact]
    public async Task Whoever_is_erased_at_one_is_nobody_at_the_other_and_begins_with_nothing_when_readmitted()
    {
        Assert.NotEmpty(await Other.OwnEventsOfAsync(_reader, default));
        await One.Forgetting.CustomerAsync(_reader.Id, default);
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Erasure, null));
        await Assert.ThrowsAsync<RefusedException>(() => Other.RecordAsync([_servers.Purchase("after", _reader, "crime-01")], default));

        Assert.True(await One.Store.Erasures.ReadmitAsync(One.Tenant, _reader, default));
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Erasure, null));
        await Other.RecordAsync([_servers.Purchase("again", _reader, "crime-01")], default);
        Assert.Equal("again", Assert.Single(await Other.OwnEventsOfAsync(_reader, default)).EventId);
    }

    [Fact]
    public async Task Events_forgotten_at_one_are_forgotten_at_the_other()
    {
        var events = await Other.OwnEventsOfAsync(_reader, default);
        await One.Forgetting.EventsAsync(_reader, [events[0].EventId], default);
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.ForgottenEvents, _reader));
        Assert.DoesNotContain(events[0], await Other.OwnEventsOfAsync(_reader, default));
    }

    [Fact]
    public async Task Items_come_change_and_go_one_by_one_or_all_at_once()
    {
        await One.Live.UpsertItemsAsync([new("crime-new"), new("crime-00") { Available = false }], default);
        await One.Live.DeleteItemsAsync(["crime-01"], default);
        Assert.Null(Other.Live.Now.Shelves.Find("crime-new"));
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Item, "crime-new"), StoreChange.Of(StoredKind.Item, "crime-00"), StoreChange.Of(StoredKind.Item, "crime-01"));
        var shelves = Other.Live.Now.Shelves;
        Assert.Equal((true, false, true), (shelves.Find("crime-new") is not null, shelves.Find("crime-00")!.Available, shelves.Find("crime-01") is null));

        await One.Live.UpsertItemsAsync([.. Enumerable.Range(0, 300).Select(number => new Item($"many-{number}"))], default);
        await One.Live.DeleteItemsAsync(["crime-new"], default);
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Item, null));
        shelves = Other.Live.Now.Shelves;
        Assert.Equal((true, true), (shelves.Find("many-299") is not null, shelves.Find("crime-new") is null));
        Assert.NotNull(Other.Models.LiveId);
    }

    [Fact]
    public async Task Another_version_takes_the_items_over_and_reads_them_only_after_a_write_of_which_nobody_knows_how_far_it_came()
    {
        var model = One.Live.Current.Model;
        await One.Live.UpsertItemsAsync([new("crime-new"), new("crime-00") { Available = false }], default);
        await One.Live.DeleteItemsAsync(["crime-01"], default);
        _servers.Observed.TakeReads();

        await One.Live.ReplaceAsync(model, default);

        Assert.DoesNotContain("IItemStore.AllAsync", _servers.Observed.TakeReads());
        var shelves = One.Live.Now.Shelves;
        Assert.Equal((true, false, true), (shelves.Find("crime-new") is not null, shelves.Find("crime-00")!.Available, shelves.Find("crime-01") is null));

        _servers.Observed.Broken = true;
        await Assert.ThrowsAnyAsync<Exception>(() => One.Live.UpsertItemsAsync([new("crime-lost")], default));
        _servers.Observed.Broken = false;
        await One.Live.ReplaceAsync(model, default);
        Assert.Contains("IItemStore.AllAsync", _servers.Observed.TakeReads());
    }

    [Fact]
    public async Task An_item_taken_off_the_shelf_keeps_what_another_server_just_changed_of_it()
    {
        await One.Live.UpsertItemsAsync([new("crime-05") { Attributes = new Item("x").Attributes.Add("title", new AttributeValue.Text("renamed")) }], default);
        Assert.Equal(1, await Other.Live.SetAvailabilityAsync(["crime-05"], available: false, default));
        var stored = (await One.Store.Items.FindAsync(One.Tenant, "crime-05", default))!;
        Assert.Equal((false, "renamed"), (stored.Available, stored.Title));
    }

    [Fact]
    public async Task An_attribute_of_two_kinds_that_two_servers_accepted_at_once_keeps_no_other_item_from_being_read()
    {
        Item Book(string id, AttributeValue value) => new(id) { Attributes = new Item("x").Attributes.Add("length", value) };
        await Other.Live.UpsertItemsAsync([Book("crime-05", new AttributeValue.Number(7))], default);
        await One.Live.UpsertItemsAsync([Book("crime-06", new AttributeValue.Text("seven")), new("crime-07") { Available = false }], default);
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Item, "crime-06"), StoreChange.Of(StoredKind.Item, "crime-07")).WaitAsync(TimeSpan.FromSeconds(20));
        var shelves = Other.Live.Now.Shelves;
        Assert.Equal((true, false), (shelves.Find("crime-06")!.Attributes.ContainsKey("length"), shelves.Find("crime-07")!.Available));
    }

    [Fact]
    public async Task Whoever_is_erased_at_one_leaves_the_key_accounts_that_another_worked_out_meanwhile_as_they_are()
    {
        await One.RelationshipSettings.SetKeyAccountsAsync(["crime-reader-1", "old"], default);
        await Other.RelationshipSettings.SetKeyAccountsAsync(["crime-reader-1", "crime-reader-2"], default);
        await One.Forgetting.CustomerAsync(_reader.Id, default);
        await One.RelationshipSettings.DropErasedAsync(default);
        Assert.Equal("""["crime-reader-2"]""", await One.Store.Settings.FindAsync(One.Tenant, "key_accounts", default));
        Assert.Equal(["crime-reader-2"], One.Relationships.Rules.KeyAccounts.CustomerIds);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1000)]
    public void An_event_that_was_taken_back_and_sent_again_is_remembered_once_where_it_now_is(int events)
    {
        var history = new Recommender.Server.Ingest.RememberedHistory();
        history.Complete([.. Enumerable.Range(0, events).Select(number => new StoredEvent(number, _servers.Purchase($"{number}", _reader, "crime-01")))]);
        Assert.True(history.TryGet(out var before));
        Assert.False(history.Add(new StoredEvent(1, before.Events[1])));
        Assert.True(history.Add(new StoredEvent(events + 5, before.Events[1])));
        Assert.False(history.Add(new StoredEvent(events + 5, before.Events[1])));
        Assert.True(history.Add(new StoredEvent(2, _servers.Purchase("in its place", _reader, "crime-01"))));
        Assert.True(history.Add(new StoredEvent(events + 6, _servers.Purchase("2", _reader, "crime-01"))));

        Assert.True(history.TryGet(out var after));
        Assert.Equal(["0", "in its place", .. Enumerable.Range(3, events - 3).Select(number => $"{number}"), "1", "2"], after.Events.Select(happened => happened.EventId));
        Assert.Equal([0, .. Enumerable.Range(2, events - 2).Select(position => (long)position), events + 5, events + 6], after.Positions);
        Assert.Equal(events, before.Events.Count);
        Assert.Equal("1", before.Events[1].EventId);
    }

    [Fact]
    public async Task Scenarios_the_policy_and_the_schema_are_the_same_everywhere()
    {
        await One.Scenarios.UpsertAsync(new Scenario("cart"), default);
        await One.Contacts.SetPolicyAsync(new ContactPolicy { Budgets = [] }, default);
        await One.Profiles.DeclareAsync(new ProfileSchema(ProfileSchema.Empty.Attributes.Add("city", new ProfileAttribute(AttributeKind.Text, "", []))), default);
        Assert.Null(Other.Scenarios.Find("cart"));
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Scenario, "cart"), StoreChange.Of(StoredKind.Setting, "contact_policy"), StoreChange.Of(StoredKind.Setting, "profile_schema"));
        Assert.NotNull(Other.Scenarios.Find("cart"));
        Assert.Empty(Other.Contacts.Policy.Budgets);
        Assert.Equal(One.Profiles.Schema.ToJson(), Other.Profiles.Schema.ToJson());
    }

    [Fact]
    public async Task A_model_published_at_one_serves_at_the_other_and_one_that_cannot_be_read_changes_nothing()
    {
        string first = Other.Models.LiveId!;
        string second = await ServersOfOneShop.TrainAsync(One);
        Assert.Equal(first, Other.Models.LiveId);
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Publication, second));
        Assert.Equal(second, Other.Models.LiveId);

        await One.Store.Models.AddAsync(One.Tenant, new ModelVersion("20990101-000000-lost", _servers.Clock.GetUtcNow(), 1, "{}"), default);
        await One.Store.Models.PublishAsync(One.Tenant, new Publication("20990101-000000-lost", _servers.Clock.GetUtcNow(), "published"), default);
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Publication, null));
        Assert.Equal(second, Other.Models.LiveId);
        var answer = await AnswerAsync(Other, _reader);
        Assert.Contains("20990101-000000-lost", answer.Degraded, StringComparison.Ordinal);
        Assert.NotEmpty(answer.Served.Items);

        string third = await ServersOfOneShop.TrainAsync(One);
        await ServersOfOneShop.TellAsync(Other, StoreChange.Of(StoredKind.Publication, third));
        Assert.Equal((third, ""), (Other.Models.LiveId, (await AnswerAsync(Other, _reader)).Degraded));
    }

    [Fact]
    public async Task Whoever_lost_track_reads_everything_anew()
    {
        await Other.OwnEventsOfAsync(_reader, default);
        await Other.Identities.OfAsync(_reader, default);
        await _servers.RecordAsync(One, _servers.Purchase("missed", _reader, "garden-00"));
        await One.Linking.LinkAsync(Person.Visitor("missed"), _reader.Id, null, "sign-in", default);
        await One.Scenarios.UpsertAsync(new Scenario("missed"), default);
        await One.Live.UpsertItemsAsync([new("missed")], default);
        string model = await ServersOfOneShop.TrainAsync(One);

        Other.Following.Take(new StoreChanges(true, [], []));
        await Other.Following.SettledAsync();
        Assert.Contains(await Other.OwnEventsOfAsync(_reader, default), happened => happened.EventId == "missed");
        Assert.Contains(Person.Visitor("missed"), (await Other.Identities.OfAsync(_reader, default)).People);
        Assert.Equal((true, true, model), (Other.Scenarios.Find("missed") is not null, Other.Live.Now.Shelves.Find("missed") is not null, Other.Models.LiveId));
    }

    [Fact]
    public async Task What_another_server_showed_is_known_after_an_answer_that_did_not_wait_for_it()
    {
        _servers.Observed.IsShared = true;
        await using var shop = await _servers.OpenAsync();
        var alone = Recommender.Server.Profiles.Circle.Alone(_reader);
        int before = (await shop.Exposures.OfAsync(alone, default)).Count;
        var answer = await AnswerAsync(One, _reader);
        while (await One.Store.Recommendations.FindAsync(One.Tenant, answer.Served.RecommendationId, default) is null) await Task.Delay(5);
        Assert.Equal(before, (await shop.Exposures.OfAsync(alone, default)).Count);

        _servers.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(before, (await shop.Exposures.OfAsync(alone, default)).Count);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await shop.Exposures.OfAsync(alone, patience.Token)).Count == before) await Task.Delay(5, patience.Token);
    }

    [Fact]
    public async Task Answers_are_written_down_on_a_thread_that_leaves_the_cores_to_requests()
    {
        await using var shop = await _servers.OpenAsync();
        var answer = await AnswerAsync(shop, _reader);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await One.Store.Recommendations.FindAsync(One.Tenant, answer.Served.RecommendationId, default) is null)
            await Task.Delay(5, patience.Token);
        Assert.StartsWith(BackgroundThreads.ThreadName, _servers.Observed.WritesAnswers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_store_is_out_of_reach_who_is_known_is_answered_nothing_is_recorded_and_what_changed_is_read_afterwards()
    {
        _servers.Observed.IsShared = true;
        await using var shop = await _servers.OpenAsync();
        var known = await AnswerAsync(shop, _reader);
        await One.Scenarios.UpsertAsync(new Scenario("meanwhile"), default);

        _servers.Observed.OutOfReach = true;
        shop.Following.Take(new StoreChanges(false, [], [StoreChange.Of(StoredKind.Scenario, "meanwhile")]));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!shop.Reach.IsLost) await Task.Delay(20, patience.Token);
        var answer = await AnswerAsync(shop, _reader);
        Assert.Equal(known.Served.Items.Select(item => item.ItemId), answer.Served.Items.Select(item => item.ItemId));
        Assert.Contains("the store cannot be reached", answer.Degraded, StringComparison.Ordinal);
        var stranger = await AnswerAsync(shop, Person.Customer("garden-reader-9"));
        Assert.NotEmpty(stranger.Served.Items);
        Assert.Contains("garden-reader-9 could not be read", stranger.Degraded, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => shop.RecordAsync([_servers.Purchase("lost", _reader, "crime-01")], default));
        // Known not to answer, it was not asked: it would have had its own words.
        Assert.Contains("cannot be reached", refused.Message, StringComparison.Ordinal);

        _servers.Observed.OutOfReach = false;
        while (shop.Reach.IsLost || shop.Scenarios.Find("meanwhile") is null) await Task.Delay(20, patience.Token);
        Assert.Equal("", (await AnswerAsync(shop, _reader)).Degraded);
        Assert.Null(await One.Store.Events.FindAsync(One.Tenant, "lost", default));
    }

    [Fact]
    public async Task After_a_failure_that_nobody_thought_of_answers_are_written_and_what_others_showed_and_the_store_are_looked_at_again()
    {
        _servers.Observed.IsShared = true;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using (var shop = await _servers.OpenAsync())
        {
            var alone = Recommender.Server.Profiles.Circle.Alone(_reader);
            await shop.Exposures.OfAsync(alone, default);
            var before = await AnswerAsync(shop, _reader);
            while (await One.Store.Recommendations.FindAsync(One.Tenant, before.Served.RecommendationId, default) is null) await Task.Delay(5, patience.Token);
            _servers.Observed.Broken = true;
            await AnswerAsync(shop, _reader);
            _servers.Clock.Advance(TimeSpan.FromSeconds(10));
            await shop.Exposures.OfAsync(alone, default);
            await Task.Delay(TimeSpan.FromSeconds(1.5), patience.Token);

            _servers.Observed.Broken = false;
            var answer = await AnswerAsync(One, _reader);
            var own = await AnswerAsync(shop, _reader);
            foreach (var written in (Answer[])[answer, own])
                while (await One.Store.Recommendations.FindAsync(One.Tenant, written.Served.RecommendationId, default) is null) await Task.Delay(5, patience.Token);
            _servers.Clock.Advance(TimeSpan.FromSeconds(10));
            while (!(await shop.Exposures.OfAsync(alone, default)).Any(box => box.RecommendationId == answer.Served.RecommendationId)) await Task.Delay(5, patience.Token);

            _servers.Observed.OutOfReach = true;
            while (!shop.Reach.IsLost) await Task.Delay(20, patience.Token);
            _servers.Observed.Broken = true;
            _servers.Observed.OutOfReach = false;
            await Task.Delay(TimeSpan.FromSeconds(1.5), patience.Token);
        }
        _servers.Observed.Broken = false;
    }

    [Fact]
    public async Task Servers_that_open_a_new_shop_at_once_have_one_secret()
    {
        string folder = Directory.CreateTempSubdirectory("secret-").FullName;
        await using (var store = await Recommender.Storage.Sqlite.SqliteShopStore.OpenAsync(folder, TimeProvider.System, default))
        {
            string[] ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
            {
                var ids = new Recommender.Server.Questionnaires.SessionIds(store.Settings, Tenant.Default);
                await Task.Yield();
                await ids.LoadAsync(default);
                return ids.Of(_reader, "taste", 0);
            }));
            Assert.Single(ids.Distinct());
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_feed_that_breaks_is_watched_again_and_what_was_missed_is_read()
    {
        int watched = 0;
        await using var following = new Recommender.Server.Changes.Following(Other, Watch, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await One.Scenarios.UpsertAsync(new Scenario("missed"), default);
        following.Start();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Other.Scenarios.Find("missed") is null || Volatile.Read(ref watched) < 2) await Task.Delay(10, patience.Token);

        async IAsyncEnumerable<StoreChanges> Watch([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.Yield();
            if (Interlocked.Increment(ref watched) == 1) throw new InvalidOperationException("the feed has a fault");
            await Task.Delay(Timeout.Infinite, cancellation);
            yield break;
        }
    }

    private Contact Mail(string id) => new(id, _reader, "mail", ContactPolicy.Marketing, _servers.Clock.GetUtcNow(), ContactState.Reserved)
    {
        ExpiresAt = _servers.Clock.GetUtcNow().AddHours(1),
    };

    private static async Task<Answer> AnswerAsync(Shop shop, Person person) => await shop.Recommending.AnswerAsync(new RecommendQuery { Person = person }, default);
}
