using System.Buffers;
using System.Text;
using System.Text.Json;
using Recommender.Interactions;
using Recommender.Ranking;
using Recommender.Server;
using Recommender.Server.Ingest;
using Recommender.Storage;

namespace Recommender.Tests.Server;

/// <summary>What a request leaves in memory and on disk.</summary>
public sealed class ServedRecordTests
{
    private static readonly DateTimeOffset _noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly ServedRecommendation _served = new("r1", _noon, Person.Customer("c"), "home", "personalised", "m",
    [
        new ServedItem("böök \"1\"", 1.25f, "personalised", [new ServedReason("purchase", "book-2", 1 / 3f), new ServedReason("popular", "", 1e-7f) { Text = "weil <alle>" }]),
        new ServedItem("book-3", -0.1f, "popular", []),
    ]);

    [Fact]
    public void What_was_shown_is_read_back_as_it_was()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var texts = ServedItemsJson.Write([_served, _served], buffer);
        var read = ServedItemsJson.Read(buffer.WrittenSpan[texts[1]]);
        Assert.Equal(JsonSerializer.Serialize(_served.Items.ToArray()), JsonSerializer.Serialize(read.ToArray()));
    }

    [Fact]
    public void What_earlier_versions_wrote_is_read_too()
    {
        var read = ServedItemsJson.Read(JsonSerializer.SerializeToUtf8Bytes(_served.Items.ToArray(), JsonSerializerOptions.Web));
        Assert.Equal(JsonSerializer.Serialize(_served.Items.ToArray()), JsonSerializer.Serialize(read.ToArray()));
        Assert.Equal("weil <alle>", read[0].Reasons[1].Text);
    }

    [Fact]
    public void A_reason_without_words_is_read_as_one()
    {
        ServedItem item = ServedItemsJson.Read("""
            [{"itemId":"book-1","score":1,"source":"popular","reasons":[{"kind":"popular","itemId":"","share":1,"text":null}]}]
            """u8)[0];
        Assert.Equal("", item.Reasons[0].Text);
        Assert.Equal(new ServedReason("popular", "", 1), item.Reasons[0]);
    }

    /// <summary>Another text needs a step of the schema, so that earlier programs are kept from what they cannot read.</summary>
    [Fact]
    public void Nothing_that_is_empty_is_written_and_names_stand_as_their_places() => Assert.Equal(
        """{"items":[[0,1.25,1,[2,3,0.33333334],[4,5,1E-07,6]],[7,-0.1,4]],"""
        + """
            "names":["b\u00F6\u00F6k \u00221\u0022","personalised","purchase","book-2","popular","","weil \u003Calle\u003E","book-3"]}
            """,
        Encoding.UTF8.GetString(ServedItemsJson.Write(_served)));

    [Fact]
    public void Things_that_are_too_many_to_look_for_are_read_back_all_the_same()
    {
        string[] texts = [.. Enumerable.Range(0, 1000).Select(n => $"thing-{n}")];
        var shown = _served with
        {
            Items = [.. Enumerable.Range(0, 3000)
                .Select(n => new ServedItem($"book-{n}", n, "personalised", [new ServedReason("purchase", texts[n % 1000], 0.5f)]))],
        };
        byte[] written = ServedItemsJson.Write(shown);
        Assert.Equal(JsonSerializer.Serialize(shown.Items.ToArray()), JsonSerializer.Serialize(ServedItemsJson.Read(written).ToArray()));
        int Count(string name) => Encoding.UTF8.GetString(written).Split($"\"{name}\"").Length - 1;
        Assert.Equal((1, 1, 3), (Count("purchase"), Count("thing-100"), Count("thing-900")));
    }

    [Fact]
    public void What_speaks_for_all_that_was_shown_is_written_once()
    {
        var shown = _served with
        {
            Items = [.. Enumerable.Range(0, 10).Select(n => new ServedItem($"book-{n}", n, "personalised", [new ServedReason("purchase", "atlas", 0.5f)]))],
        };
        byte[] written = ServedItemsJson.Write(shown);
        Assert.Equal(1, Encoding.UTF8.GetString(written).Split("atlas").Length - 1);
        Assert.Equal(shown.Items.SelectMany(item => item.Reasons), ServedItemsJson.Read(written).SelectMany(item => item.Reasons));
    }

    [Fact]
    public void A_history_is_added_up_once_for_a_model_and_anew_for_another_and_after_an_event()
    {
        var (options, others) = (new ConfidenceOptions(), new ConfidenceOptions { ConfidenceLimit = 0.5 });
        var remembered = new RememberedHistory();
        remembered.Complete([Purchase(1)]);
        Assert.True(remembered.TryGet(out var before));
        var history = before.HistoryOf(options, _noon);

        Assert.Same(history, before.HistoryOf(options, _noon));
        Assert.Equal(0.5f, before.HistoryOf(others, _noon).Entries[0].Confidence);
        Assert.NotSame(history, before.HistoryOf(options, _noon.AddDays(1)));
        remembered.Add(Purchase(2));
        Assert.True(remembered.TryGet(out var after));
        Assert.Equal(["item-1", "item-2"], after.HistoryOf(options, _noon).Entries.Select(entry => entry.ItemId));
        // Who still holds what was there before sees what was there before.
        Assert.Single(before.HistoryOf(options, _noon).Entries);
    }

    [Fact]
    public void What_arrives_during_a_read_is_not_shown_before_the_read_is_done()
    {
        var remembered = new RememberedHistory();
        Assert.True(remembered.Add(Purchase(5)));
        Assert.False(remembered.TryGet(out _));
        Assert.Equal(2, remembered.Complete([Purchase(1)]).Events.Count);
    }

    [Theory]
    [InlineData("ab", "c", "a", "bc")]
    [InlineData("", "a", "a", "")]
    [InlineData("a", "b", "b", "a")]
    public void Texts_that_are_cut_elsewhere_have_another_fingerprint(string first, string second, string otherFirst, string otherSecond) =>
        Assert.NotEqual(Print(first, second), Print(otherFirst, otherSecond));

    [Fact]
    public void A_fingerprint_is_the_same_in_every_process_so_that_another_server_can_go_on() => Assert.Equal(3932110803u, Print("customer", "c1"));

    private static uint Print(params string[] texts)
    {
        var print = new TextFingerprint();
        print.Add(texts);
        return print.Value;
    }

    private static StoredEvent Purchase(int number) => new(number, new ShopEvent
    {
        EventId = $"e{number}",
        Type = EventTypes.Purchase,
        Person = Person.Customer("c"),
        ItemId = $"item-{number}",
        OccurredAt = _noon,
    });
}
