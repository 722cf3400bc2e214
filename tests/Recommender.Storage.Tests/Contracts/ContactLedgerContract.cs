using Recommender.Interactions;
using Recommender.Pressure;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

public abstract class ContactLedgerContract(IStoreEngine engine) : StoreContract(engine)
{
    private static readonly Person _ann = Person.Customer("ann");
    private static readonly Person _device = Person.Visitor("cookie");
    private static readonly ContactLimit _twoMails = new("2 mails in 7 days", ["mail"], Noon.AddDays(-7), 2);

    private IContactLedger Ledger => Store.Contacts;

    private static Contact Mail(string id, int minute = 0, Person? person = null) =>
        new(id, person ?? _ann, "mail", "marketing", Noon.AddMinutes(minute), ContactState.Reserved)
        {
            ExpiresAt = Noon.AddMinutes(minute + 10),
            Scenario = "mail-weekly",
            ItemIds = ["book-1", "book-2"],
        };

    private static Contact Confirmed(Contact contact, DateTimeOffset at) => contact with { State = ContactState.Confirmed, At = at };

    private Task<ReservationOutcome> ReserveAsync(Contact contact, params ContactLimit[] limits) =>
        Ledger.TryReserveAsync(Books, contact, [_ann, _device], limits, Stop);

    private Task<IReadOnlyList<Contact>> ReadAsync(params Person[] people) => Ledger.ReadAsync(Books, people, DateTimeOffset.MinValue, Stop);

    [Fact]
    public async Task A_contact_within_its_limits_is_entered_and_one_beyond_them_is_not_saying_which_limit_and_what_counted()
    {
        ContactLimit daily = new("3 contacts a day", [], Noon.AddDays(-1), 3);
        Assert.Equal(Mail("a"), (await ReserveAsync(Mail("a"), daily, _twoMails)).Granted);
        Assert.Equal(Mail("b", 1), (await ReserveAsync(Mail("b", 1), daily, _twoMails)).Granted);
        await ReopenAsync();

        ReservationOutcome refused = await ReserveAsync(Mail("c", 2), daily, _twoMails);
        Assert.Null(refused.Granted);
        Assert.Equal(_twoMails, refused.LimitHit);
        Assert.Equal([Mail("a"), Mail("b", 1)], refused.Counted);
        Assert.Equal([Mail("a"), Mail("b", 1)], await ReadAsync(_ann));
    }

    [Fact]
    public async Task Of_many_senders_who_want_the_last_two_contacts_two_get_them()
    {
        ReservationOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(
            () => ReserveAsync(Mail($"m{i}", person: i % 2 == 0 ? _ann : _device), _twoMails), Stop)));
        Assert.Equal(2, outcomes.Count(outcome => outcome.Granted is not null));
        Assert.All(outcomes.Where(outcome => outcome.Granted is null), outcome => Assert.Equal((_twoMails, 2), (outcome.LimitHit, outcome.Counted.Count)));
        Assert.Equal(2, (await ReadAsync(_ann, _device)).Count);
    }

    [Fact]
    public async Task Reserving_twice_is_reserving_once()
    {
        await ReserveAsync(Mail("a"), _twoMails);
        Assert.Equal(Mail("a"), (await ReserveAsync(Mail("a", 5), _twoMails)).Granted);
        Assert.NotNull((await ReserveAsync(Mail("b", 6), _twoMails)).Granted);
        // Granted again even where there is no room for another.
        Assert.Equal(Mail("a"), (await ReserveAsync(Mail("a", 7), _twoMails)).Granted);
        await Ledger.SettleAsync(Books, "a", ContactState.Confirmed, Noon.AddMinutes(8), Stop);
        Assert.Equal(Confirmed(Mail("a"), Noon.AddMinutes(8)), (await ReserveAsync(Mail("a", 1000), _twoMails)).Granted);
        Assert.Equal(2, (await ReadAsync(_ann)).Count);
    }

    [Fact]
    public async Task A_reservation_that_expired_does_not_count_and_may_be_made_again()
    {
        ContactLimit one = _twoMails with { Most = 1 };
        await ReserveAsync(Mail("a"), one);
        Assert.Null((await ReserveAsync(Mail("b", 9), one)).Granted);
        // It expires in minute 10, not after it.
        Assert.NotNull((await ReserveAsync(Mail("b", 10), one)).Granted);
        Assert.Equal([Mail("b", 10)], (await ReserveAsync(Mail("a", 11), one)).Counted);
        Assert.Equal(Mail("a", 20), (await ReserveAsync(Mail("a", 20), one)).Granted);
        Assert.Equal([Mail("b", 10), Mail("a", 20)], await ReadAsync(_ann));
    }

    [Fact]
    public async Task A_cancelled_contact_does_not_count_and_may_be_reserved_again()
    {
        ContactLimit one = _twoMails with { Most = 1 };
        await ReserveAsync(Mail("a"), one);
        Contact cancelled = Mail("a") with { State = ContactState.Cancelled };
        Assert.Equal(cancelled, await Ledger.SettleAsync(Books, "a", ContactState.Cancelled, Noon.AddMinutes(1), Stop));
        Assert.Equal(cancelled, await Ledger.SettleAsync(Books, "a", ContactState.Cancelled, Noon.AddMinutes(2), Stop));
        Assert.Equal([cancelled], await ReadAsync(_ann));
        Assert.Equal(Mail("a", 3), (await ReserveAsync(Mail("a", 3), one)).Granted);
    }

    [Fact]
    public async Task A_confirmed_contact_counts_from_when_it_was_made_and_stays_so()
    {
        await ReserveAsync(Mail("a"));
        Contact confirmed = Confirmed(Mail("a"), Noon.AddMinutes(3));
        Assert.Equal(confirmed, await Ledger.SettleAsync(Books, "a", ContactState.Confirmed, Noon.AddMinutes(3), Stop));
        Assert.Equal(confirmed, await Ledger.SettleAsync(Books, "a", ContactState.Cancelled, Noon.AddMinutes(4), Stop));
        Assert.Equal(confirmed, await Ledger.SettleAsync(Books, "a", ContactState.Confirmed, Noon.AddMinutes(5), Stop));
        await ReopenAsync();
        Assert.Equal([confirmed], await ReadAsync(_ann));
        // Long after the reservation would have expired.
        Assert.Equal([confirmed], (await ReserveAsync(Mail("b", 5_000), _twoMails with { Most = 1 })).Counted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_contact_that_was_made_after_all_is_confirmed_even_if_its_reservation_expired_or_was_cancelled(bool cancelled)
    {
        await ReserveAsync(Mail("a"));
        if (cancelled) await Ledger.SettleAsync(Books, "a", ContactState.Cancelled, Noon, Stop);
        Assert.Equal(Confirmed(Mail("a"), Noon.AddHours(1)), await Ledger.SettleAsync(Books, "a", ContactState.Confirmed, Noon.AddHours(1), Stop));
    }

    [Fact]
    public async Task What_is_unknown_is_not_settled_and_a_contact_is_not_settled_as_reserved()
    {
        Assert.Null(await Ledger.SettleAsync(Books, "unknown", ContactState.Confirmed, Noon, Stop));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Ledger.SettleAsync(Books, "unknown", ContactState.Reserved, Noon, Stop));
    }

    [Fact]
    public async Task Contacts_of_everybody_linked_count_and_those_of_strangers_do_not()
    {
        await ReserveAsync(Mail("a", person: _device));
        await Ledger.TryReserveAsync(Books, Mail("stranger", person: Person.Customer("cookie")), [Person.Customer("cookie")], [], Stop);
        ReservationOutcome outcome = await ReserveAsync(Mail("b"), _twoMails with { Most = 1 });
        Assert.Equal([Mail("a", person: _device)], outcome.Counted);
        Assert.NotNull((await Ledger.TryReserveAsync(Books, Mail("b"), [_ann], [_twoMails with { Most = 1 }], Stop)).Granted);
    }

    [Fact]
    public async Task A_person_named_twice_counts_once()
    {
        await ReserveAsync(Mail("a"));
        Assert.NotNull((await Ledger.TryReserveAsync(Books, Mail("b"), [_ann, _ann, _ann], [_twoMails], Stop)).Granted);
        Assert.Equal([Mail("a"), Mail("b")], await ReadAsync(_ann, _ann));
    }

    [Fact]
    public async Task A_limit_counts_its_channels_after_its_moment()
    {
        // One made exactly at the moment has just left the window: that is when the next is promised.
        ContactLimit one = new("1 mail or push a day", ["mail", "push"], Noon.AddTicks(-1), 1);
        await ReserveAsync(Mail("early") with { At = Noon.AddTicks(-1), ExpiresAt = Noon.AddHours(1) });
        await ReserveAsync(Mail("call") with { Channel = "call" });
        Assert.Equal(Mail("push") with { Channel = "push" }, (await ReserveAsync(Mail("push") with { Channel = "push" }, one)).Granted);
        Assert.Equal(["push"], (await ReserveAsync(Mail("a"), one)).Counted.Select(contact => contact.Id));
        ReservationOutcome all = await ReserveAsync(Mail("a"), one with { Channels = [], Most = 2 });
        Assert.Equal(["call", "push"], all.Counted.Select(contact => contact.Id));
        // A limit on other channels has nothing to say.
        Assert.NotNull((await ReserveAsync(Mail("store") with { Channel = "store" }, one)).Granted);
        Assert.Null((await ReserveAsync(Mail("none"), one with { Most = 0 })).Granted);
    }

    [Fact]
    public async Task The_first_limit_that_says_no_is_named()
    {
        await ReserveAsync(Mail("a"));
        ContactLimit[] limits = [_twoMails, _twoMails with { Name = "first", Most = 1 }, _twoMails with { Name = "second", Most = 1 }];
        Assert.Equal("first", (await ReserveAsync(Mail("b"), limits)).LimitHit?.Name);
    }

    [Fact]
    public async Task A_contact_entered_before_the_clock_went_back_counts()
    {
        await ReserveAsync(Mail("a", 60));
        Assert.Equal([Mail("a", 60)], (await ReserveAsync(Mail("b"), _twoMails with { Most = 1 })).Counted);
    }

    [Fact]
    public async Task Contacts_are_read_oldest_first_since_a_moment_whatever_their_state()
    {
        foreach (int minute in (int[])[30, 10, 20]) await ReserveAsync(Mail($"m{minute}", minute, minute == 20 ? _device : _ann));
        await Ledger.SettleAsync(Books, "m20", ContactState.Cancelled, Noon, Stop);
        Assert.Equal(["m10", "m20", "m30"], (await ReadAsync(_device, _ann)).Select(contact => contact.Id));
        Assert.Equal(["m20", "m30"], (await Ledger.ReadAsync(Books, [_ann, _device], Noon.AddMinutes(20), Stop)).Select(contact => contact.Id));
        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task The_id_of_another_contact_is_refused_and_overwrites_nothing()
    {
        await ReserveAsync(Mail("a"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReserveAsync(Mail("a") with { Channel = "push" }));
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Ledger.TryReserveAsync(Books, Mail("a", person: Person.Customer("bob")), [Person.Customer("bob")], [], Stop));
        Assert.Contains("contact a is that of customer ann by mail", refusal.Message, StringComparison.Ordinal);
        // Somebody known by another of their names is no stranger.
        Assert.Equal(Mail("a"), (await ReserveAsync(Mail("a", person: _device))).Granted);
        Assert.Equal([Mail("a")], await ReadAsync(_ann));
    }

    public static readonly TheoryData<string, Contact> Unstorable = new()
    {
        { "no id", Mail("") }, { "contact a: person", Mail("a", person: Person.Visitor("")) }, { "contact a: channel", Mail("a") with { Channel = "" } },
        { "contact a: purpose", Mail("a") with { Purpose = "\ud83d" } }, { "contact a: item_ids", Mail("a") with { ItemIds = ["\ud83d"] } },
        { "contact a: state", Mail("a") with { State = ContactState.Confirmed } }, { "contact a: expires_at is missing", Mail("a") with { ExpiresAt = null } },
        { "contact a: expires_at", Mail("a") with { ExpiresAt = Noon } }, { "customer bob is not among", Mail("a", person: Person.Customer("bob")) },
    };

    [Theory]
    [MemberData(nameof(Unstorable))]
    public async Task What_is_no_reservation_is_refused(string named, Contact contact)
    {
        var refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => ReserveAsync(contact));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await ReadAsync(_ann));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_is_kept(string text)
    {
        Contact contact = Mail(text) with { Person = Person.Visitor(text), Channel = text, Purpose = text, Scenario = text, ItemIds = [text, "a"] };
        Assert.NotNull((await Ledger.TryReserveAsync(Books, contact, [contact.Person], [], Stop)).Granted);
        Assert.Equal([contact], await ReadAsync(contact.Person));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        await ReserveAsync(Mail("a"), _twoMails with { Most = 1 });
        Assert.NotNull((await Ledger.TryReserveAsync(Wines, Mail("a"), [_ann], [_twoMails with { Most = 1 }], Stop)).Granted);
        await Ledger.SettleAsync(Wines, "a", ContactState.Cancelled, Noon, Stop);
        Assert.Equal([Mail("a")], await ReadAsync(_ann));
    }

    [Fact]
    public async Task What_is_cancelled_beforehand_is_not_begun()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Ledger.TryReserveAsync(Books, Mail("a"), [_ann], [], new CancellationToken(canceled: true)));
        Assert.Empty(await ReadAsync(_ann));
    }
}
