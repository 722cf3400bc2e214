using Recommender.Interactions;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

public abstract class EventLogContract(IStoreEngine engine) : StoreContract(engine)
{
    private IEventLog Log => Store.Events;

    [Fact]
    public async Task What_is_appended_is_read_back_in_order_with_growing_positions_from_one()
    {
        ShopEvent[] sent = Views("e", 5);
        IReadOnlyList<AppendOutcome> outcomes = await Log.AppendAsync(Books, sent, Stop);
        List<StoredEvent> read = await Log.ReadAllAsync(Books);

        Assert.All(outcomes, outcome => Assert.Equal(AppendStatus.Appended, outcome.Status));
        Assert.Equal(1, outcomes[0].Position);
        Assert.Equal(sent, read.Select(stored => stored.Event));
        Assert.Equal(outcomes.Select(outcome => outcome.Position), read.Select(stored => stored.Position));
        Assert.Equal(read.Select(stored => stored.Position).Order().Distinct(), read.Select(stored => stored.Position));
        Assert.Equal(outcomes[^1].Position, await Log.LastPositionAsync(Books, Stop));
    }

    [Fact]
    public async Task An_empty_log_is_at_position_zero_and_an_empty_batch_changes_nothing()
    {
        Assert.Empty(await Log.AppendAsync(Books, [], Stop));
        Assert.Equal(0, await Log.LastPositionAsync(Books, Stop));
        Assert.Equal(default, await Log.SizeAsync(Books, Stop));
        Assert.Empty(await Log.ReadAllAsync(Books));
        Assert.Null(await Log.FindAsync(Books, "e", Stop));
    }

    [Fact]
    public async Task Customers_who_did_anything_are_listed_once_each_in_the_order_of_their_bytes_page_by_page()
    {
        string[] customers = ["a", "b", "B", "é", "\uFFFD", "\U0001F600", "z"];
        int n = 0;
        foreach (string id in customers.Concat(customers))
            await Log.AppendAsync(Books, [Purchase($"c{n++}") with { Person = Person.Customer(id) }], Stop);
        await Log.AppendAsync(Books, [Purchase("visit") with { Person = Person.Visitor("a-visitor") }], Stop);
        await Log.AppendAsync(new Tenant("toys"), [Purchase("toy") with { Person = Person.Customer("aa") }], Stop);

        var listed = new List<string>();
        while (await Log.CustomersAsync(Books, listed.Count == 0 ? null : listed[^1], 3, Stop) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 3);
            listed.AddRange(page);
        }

        Assert.Equal(["B", "a", "b", "z", "é", "\uFFFD", "\U0001F600"], listed);
        Assert.Empty(await Log.CustomersAsync(Books, null, 0, Stop));
    }

    [Fact]
    public async Task The_same_event_sent_again_is_a_duplicate_at_its_first_position()
    {
        AppendOutcome first = (await Log.AppendAsync(Books, [Purchase("e")], Stop))[0];
        AppendOutcome again = (await Log.AppendAsync(Books, [Purchase("e")], Stop))[0];

        Assert.Equal(new AppendOutcome(AppendStatus.Duplicate, first.Position), again);
        Assert.Single(await Log.ReadAllAsync(Books));
    }

    public static readonly TheoryData<string, Func<ShopEvent, ShopEvent>> Changes = new()
    {
        { "type", e => e with { Type = EventTypes.Return } },
        { "person", e => e with { Person = Person.Visitor("other") } },
        { "kind of person", e => e with { Person = Person.Customer(e.Person.Id) } },
        { "item", e => e with { ItemId = "book-2" } },
        { "no item", e => e with { ItemId = null } },
        { "quantity", e => e with { Quantity = Math.BitIncrement(e.Quantity) } },
        { "price", e => e with { Price = 12.96m } },
        { "no price", e => e with { Price = null } },
        { "currency", e => e with { Currency = "SEK" } },
        { "rating", e => e with { Rating = null } },
        { "channel", e => e with { Channel = "" } },
        { "no channel", e => e with { Channel = null } },
        { "order", e => e with { OrderId = "Order-9" } },
        { "moment", e => e with { OccurredAt = e.OccurredAt.AddTicks(1) } },
        { "recommendation", e => e with { RecommendationId = "rec-4" } },
        { "undone event", e => e with { UndoesEventId = null } },
        { "answer", e => e with { Answer = e.Answer! with { Version = 3 } } },
        { "no answer", e => e with { Answer = null } },
        { "text", e => e with { Text = "" } },
        { "no text", e => e with { Text = null } },
        { "gift", e => e with { IsGift = false } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task The_same_id_with_any_other_field_is_a_conflict_and_overwrites_nothing(string field, Func<ShopEvent, ShopEvent> change)
    {
        long position = (await Log.AppendAsync(Books, [Purchase("e")], Stop))[0].Position;
        AppendOutcome outcome = (await Log.AppendAsync(Books, [change(Purchase("e"))], Stop))[0];

        Assert.True(outcome == new AppendOutcome(AppendStatus.Conflict, position), $"other {field}: {outcome}");
        Assert.Equal(Purchase("e"), Assert.Single(await Log.ReadAllAsync(Books)).Event);
    }

    [Fact]
    public async Task Duplicates_and_conflicts_inside_one_batch_are_found_and_the_rest_is_appended()
    {
        IReadOnlyList<AppendOutcome> outcomes = await Log.AppendAsync(
            Books, [View("a"), View("a"), View("a", item: "other"), View("b"), View("a")], Stop);

        Assert.Equal(
            [AppendStatus.Appended, AppendStatus.Duplicate, AppendStatus.Conflict, AppendStatus.Appended, AppendStatus.Duplicate],
            outcomes.Select(outcome => outcome.Status));
        Assert.Equal([View("a"), View("b")], (await Log.ReadAllAsync(Books)).Select(stored => stored.Event));
    }

    [Fact]
    public async Task The_same_price_or_moment_written_differently_is_the_same_event()
    {
        await Log.AppendAsync(Books, [View("e") with { Price = 10.0m, OccurredAt = Noon }], Stop);
        ShopEvent other = View("e") with { Price = 10.00m, OccurredAt = Noon.ToOffset(TimeSpan.FromHours(5.5)) };
        Assert.Equal(AppendStatus.Duplicate, (await Log.AppendAsync(Books, [other], Stop))[0].Status);
    }

    [Fact]
    public async Task Absent_fields_stay_absent_and_empty_ones_stay_empty()
    {
        ShopEvent undo = new() { EventId = "u", Type = EventTypes.Undo, Person = Person.Customer("ann"), OccurredAt = Noon, UndoesEventId = "e" };
        ShopEvent empty = View("e") with { ItemId = "", Currency = "", Channel = "", OrderId = "", RecommendationId = "", UndoesEventId = "" };
        await Log.AppendAsync(Books, [undo, empty], Stop);
        Assert.Equal([undo, empty], (await Log.ReadAllAsync(Books)).Select(stored => stored.Event));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_comes_back_as_it_was_sent(string text)
    {
        ShopEvent sent = new()
        {
            EventId = text,
            Type = text,
            Person = Person.Customer(text),
            ItemId = text,
            Currency = text,
            Channel = text,
            OrderId = text,
            RecommendationId = text,
            UndoesEventId = text,
            OccurredAt = Noon,
        };
        await Log.AppendAsync(Books, [sent, View("neighbour")], Stop);
        Assert.Equal(sent, (await Log.FindAsync(Books, text, Stop))?.Event);
        Assert.Equal(sent, Assert.Single(await Log.ReadPersonAsync(Books, sent.Person, Stop)).Event);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.1")]
    [InlineData("19.90")]
    [InlineData("-3.50")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("-79228162514264337593543950335")]
    [InlineData("0.0000000000000000000000000001")]
    public async Task Prices_are_exact_to_the_last_digit(string price)
    {
        await Log.AppendAsync(Books, [View("e") with { Price = decimal.Parse(price) }], Stop);
        Assert.Equal(price, (await Log.FindAsync(Books, "e", Stop))?.Event.Price?.ToString());
    }

    [Fact]
    public async Task Numbers_and_moments_keep_every_bit_and_moments_come_back_in_UTC()
    {
        double[] numbers = [0, 1e-300, double.Epsilon, double.MaxValue, double.MinValue, 0.1, 1.0 / 3];
        DateTimeOffset[] moments =
        [
            DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddTicks(-1),
            Noon.AddTicks(1_234_567), new(2026, 3, 14, 1, 0, 0, TimeSpan.FromHours(14)), new(1956, 1, 1, 0, 0, 0, TimeSpan.FromHours(-12)),
        ];
        ShopEvent[] sent = [.. numbers.Zip(moments, (number, moment) => View($"e-{moment.UtcTicks}") with { Quantity = number, Rating = number, OccurredAt = moment })];
        await Log.AppendAsync(Books, sent, Stop);
        List<StoredEvent> read = await Log.ReadAllAsync(Books);

        Assert.Equal(numbers.Select(BitConverter.DoubleToInt64Bits), read.Select(stored => BitConverter.DoubleToInt64Bits(stored.Event.Quantity)));
        Assert.Equal(moments.Select(moment => moment.UtcTicks), read.Select(stored => stored.Event.OccurredAt.UtcTicks));
        Assert.All(read, stored => Assert.Equal(TimeSpan.Zero, stored.Event.OccurredAt.Offset));
    }

    public static readonly TheoryData<string, Func<ShopEvent, ShopEvent>> Unstorable = new()
    {
        { "no id", e => e with { EventId = "" } },
        { "type", e => e with { Type = "" } },
        { "person", e => e with { Person = default } },
        { "quantity", e => e with { Quantity = double.NaN } },
        { "rating", e => e with { Rating = double.PositiveInfinity } },
        { "item_id", e => e with { ItemId = "half \ud83d" } },
        { "channel", e => e with { Channel = "\udcda half" } },
        { "order_id", e => e with { OrderId = "\udcda\ud83d" } },
        { "text", e => e with { Text = "\ud83d" } },
        { "kind of the person", e => e with { Person = e.Person with { Kind = (PersonKind)2 } } },
    };

    [Theory]
    [MemberData(nameof(Unstorable))]
    public async Task What_could_not_be_given_back_as_sent_is_refused_with_its_whole_batch(string named, Func<ShopEvent, ShopEvent> spoil)
    {
        ArgumentException refusal = await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Log.AppendAsync(Books, [View("good"), spoil(View("bad"))], Stop));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await Log.ReadAllAsync(Books));
    }

    [Fact]
    public async Task A_persons_history_is_theirs_alone_in_order_undo_included()
    {
        ShopEvent undo = View("u", "ann") with { Type = EventTypes.Undo, ItemId = null, UndoesEventId = "1" };
        ShopEvent visitorOfTheSameName = View("v") with { Person = Person.Visitor("ann") };
        await Log.AppendAsync(Books, [View("1", "ann"), View("2", "bob"), visitorOfTheSameName, undo, View("3", "Ann"), View("4", "ann")], Stop);

        Assert.Equal(["1", "u", "4"], (await Log.ReadPersonAsync(Books, Person.Customer("ann"), Stop)).Select(stored => stored.Event.EventId));
        Assert.Equal(["v"], (await Log.ReadPersonAsync(Books, Person.Visitor("ann"), Stop)).Select(stored => stored.Event.EventId));
        Assert.Empty(await Log.ReadPersonAsync(Books, Person.Customer("nobody"), Stop));
        Assert.Equal(new EventLogSize(6, 3, 1), await Log.SizeAsync(Books, Stop));
    }

    [Fact]
    public async Task Events_after_a_position_are_counted_without_the_gaps()
    {
        long position = (await Log.AppendAsync(Books, [View("1")], Stop))[0].Position;
        await Log.AppendAsync(Books, [View("1"), View("1")], Stop);
        await Log.AppendAsync(Books, [View("2"), View("1"), View("3")], Stop);
        Assert.Equal(2, await Log.CountSinceAsync(Books, position, Stop));
        Assert.Equal(3, await Log.CountSinceAsync(Books, 0, Stop));
        Assert.Equal(0, await Log.CountSinceAsync(Wines, 0, Stop));
    }

    [Fact]
    public async Task The_newest_event_is_the_one_that_happened_last_whenever_it_was_recorded()
    {
        Assert.Null(await Log.NewestAsync(Books, Stop));
        var newest = new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);
        await Log.AppendAsync(Books, [View("new") with { OccurredAt = newest }, View("recorded-late") with { OccurredAt = newest.AddYears(-1) }], Stop);
        await Log.AppendAsync(Wines, [View("other-shop") with { OccurredAt = newest.AddDays(1) }], Stop);
        Assert.Equal(newest, await Log.NewestAsync(Books, Stop));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        await Log.AppendAsync(Books, [View("e"), View("books")], Stop);
        AppendOutcome outcome = (await Log.AppendAsync(Wines, [View("e", item: "wine")], Stop))[0];

        Assert.Equal(AppendStatus.Appended, outcome.Status);
        Assert.Equal("wine", Assert.Single(await Log.ReadAllAsync(Wines)).Event.ItemId);
        Assert.Equal("wine", Assert.Single(await Log.ReadPersonAsync(Wines, Person.Customer("ann"), Stop)).Event.ItemId);
        Assert.Null(await Log.FindAsync(Wines, "books", Stop));
        Assert.Equal(outcome.Position, await Log.LastPositionAsync(Wines, Stop));
        Assert.Equal(new EventLogSize(1, 1, 0), await Log.SizeAsync(Wines, Stop));
        Assert.Equal(2, (await Log.ReadAllAsync(Books)).Count);
    }

    [Fact]
    public async Task Reading_goes_on_after_any_position()
    {
        IReadOnlyList<AppendOutcome> outcomes = await Log.AppendAsync(Books, Views("e", 10), Stop);
        Assert.Equal(["e-7", "e-8", "e-9"], (await Log.ReadAllAsync(Books, outcomes[6].Position)).Select(stored => stored.Event.EventId));
        Assert.Empty(await Log.ReadAllAsync(Books, outcomes[9].Position));
        Assert.Equal(10, (await Log.ReadAllAsync(Books, -5)).Count);
    }

    [Fact]
    public async Task A_closed_log_opened_again_has_everything_and_goes_on_growing()
    {
        long last = (await Log.AppendAsync(Books, [View("a"), Purchase("b")], Stop))[1].Position;
        await ReopenAsync();

        Assert.Equal([View("a"), Purchase("b")], (await Log.ReadAllAsync(Books)).Select(stored => stored.Event));
        Assert.Equal(last, await Log.LastPositionAsync(Books, Stop));
        Assert.Equal(AppendStatus.Duplicate, (await Log.AppendAsync(Books, [View("a")], Stop))[0].Status);
        Assert.True((await Log.AppendAsync(Books, [View("c")], Stop))[0].Position > last);
    }

    [Fact]
    public async Task A_hundred_thousand_events_are_read_in_pages()
    {
        ShopEvent[] sent = Views("e", 100_000);
        foreach (ShopEvent[] batch in sent.Chunk(30_000)) await Log.AppendAsync(Books, batch, Stop);
        // What was read first can be collected before the end is reached: pages are held, not the log.
        var first = new WeakReference(null);
        int read = 0;
        await foreach (StoredEvent stored in Log.ReadSinceAsync(Books, 0, Stop))
        {
            Assert.Equal(sent[read].EventId, stored.Event.EventId);
            if (read == 0) first.Target = stored.Event;
            if (++read != sent.Length / 2) continue;
            GC.Collect();
            Assert.False(first.IsAlive);
        }
        Assert.Equal(sent.Length, read);
    }

    [Fact]
    public async Task A_reader_under_way_sees_what_is_appended_before_it_comes_to_the_end()
    {
        await Log.AppendAsync(Books, Views("early", 5_000), Stop);
        int read = 0;
        await foreach (StoredEvent stored in Log.ReadSinceAsync(Books, 0, Stop))
        {
            if (read++ == 0) await Log.AppendAsync(Books, Views("late", 10), Stop);
        }
        Assert.Equal(5_010, read);
    }

    [Fact]
    public async Task Many_writers_lose_nothing_and_each_ones_order_is_kept()
    {
        const int Writers = 32, Batches = 20;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (int batch = 0; batch < Batches; batch++)
            {
                ShopEvent[] events = [.. Enumerable.Range(0, 1 + (batch % 3)).Select(i => View($"{writer}/{batch}/{i}", $"customer-{writer}"))];
                IReadOnlyList<AppendOutcome> outcomes = await Log.AppendAsync(Books, events, Stop);
                Assert.All(outcomes, outcome => Assert.Equal(AppendStatus.Appended, outcome.Status));
                // Read your own writes, at once.
                Assert.Equal(events[^1], (await Log.ReadPersonAsync(Books, Person.Customer($"customer-{writer}"), Stop))[^1].Event);
            }
        }, Stop)));

        List<StoredEvent> all = await Log.ReadAllAsync(Books);
        for (int writer = 0; writer < Writers; writer++)
        {
            string customer = $"customer-{writer}";
            Assert.Equal(
                Enumerable.Range(0, Batches).SelectMany(batch => Enumerable.Range(0, 1 + (batch % 3)).Select(i => $"{writer}/{batch}/{i}")),
                all.Where(stored => stored.Event.Person.Id == customer).Select(stored => stored.Event.EventId));
        }
        Assert.Equal(all.Count, all.Select(stored => stored.Position).Distinct().Count());
    }

    [Fact]
    public async Task Of_many_senders_of_one_event_exactly_one_appends_it()
    {
        AppendOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(
            async () => (await Log.AppendAsync(Books, [View("e")], Stop))[0], Stop)));
        Assert.Single(outcomes, outcome => outcome.Status == AppendStatus.Appended);
        Assert.Equal(49, outcomes.Count(outcome => outcome.Status == AppendStatus.Duplicate));
        Assert.Single(outcomes.Select(outcome => outcome.Position).Distinct());
    }

    [Fact]
    public async Task A_bad_batch_costs_its_neighbours_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            if (i % 5 == 0) await Assert.ThrowsAnyAsync<Exception>(() => Store.Models.PublishAsync(Books, new("unknown", Noon, "published"), Stop));
            else Assert.Equal(AppendStatus.Appended, (await Log.AppendAsync(Books, [View($"e-{i}")], Stop))[0].Status);
        }, Stop)));
        Assert.Equal(160, (await Log.ReadAllAsync(Books)).Count);
    }

    [Fact]
    public async Task A_cancelled_batch_is_in_the_log_wholly_or_not_at_all()
    {
        var random = new Random(7);
        const int Length = 400;
        int cancelled = 0;
        for (int round = 0; round < 40; round++)
        {
            using var stop = new CancellationTokenSource();
            Task<IReadOnlyList<AppendOutcome>> appending = Log.AppendAsync(Books, Views($"r{round}", Length), stop.Token);
            // Before, during and after the write.
            for (int spins = random.Next(2_000) * round; spins > 0; spins--) Thread.SpinWait(1);
            await stop.CancelAsync();
            try
            {
                await appending;
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
        }
        await Log.AppendAsync(Books, [View("last")], Stop);

        List<StoredEvent> all = await Log.ReadAllAsync(Books);
        Assert.All(all.SkipLast(1).CountBy(stored => stored.Event.EventId.Split('-')[0]), batch => Assert.Equal(Length, batch.Value));
        Assert.NotEqual(0, cancelled);
    }

    [Fact]
    public async Task What_is_cancelled_beforehand_is_not_begun()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.AppendAsync(Books, [View("e")], stop.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.SizeAsync(Books, stop.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (StoredEvent stored in Log.ReadSinceAsync(Books, 0, stop.Token)) { }
        });
        Assert.Equal(0, await Log.LastPositionAsync(Books, Stop));
    }

    [Fact]
    public async Task Any_mixture_of_new_repeated_and_changed_events_ends_as_a_dictionary_would()
    {
        var random = new Random(20261122);
        var expected = new Dictionary<string, ShopEvent>();
        for (int batch = 0; batch < 60; batch++)
        {
            ShopEvent[] events = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => View($"e-{random.Next(300)}", item: $"book-{random.Next(2)}"))];
            IReadOnlyList<AppendOutcome> outcomes = await Log.AppendAsync(Books, events, Stop);
            for (int i = 0; i < events.Length; i++)
            {
                AppendStatus status = expected.TryAdd(events[i].EventId, events[i]) ? AppendStatus.Appended
                    : expected[events[i].EventId] == events[i] ? AppendStatus.Duplicate : AppendStatus.Conflict;
                Assert.Equal(status, outcomes[i].Status);
            }
        }
        Assert.Equal(expected.Values, (await Log.ReadAllAsync(Books)).Select(stored => stored.Event));
    }
}
