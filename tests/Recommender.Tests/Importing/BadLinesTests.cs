using System.Text;
using Recommender.Cli.Importing;

namespace Recommender.Tests.Importing;

public sealed class BadLinesTests : IDisposable
{
    private const string Header = "customer,item,time,price,currency,note";

    private readonly SourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("c1,i1,2024-05-01T10:00:00Z,NaN,EUR,", "price", "NaN", "not a price")]
    [InlineData("c1,i1,2024-05-01T10:00:00Z,-3.50,EUR,", "price", "-3.50", "negative price")]
    [InlineData("c1,i1,2024-05-01T10:00:00Z,12 euro,EUR,", "price", "12 euro", "not a price")]
    [InlineData("c1,,2024-05-01T10:00:00Z,1,EUR,", "item", "", "must not be empty")]
    [InlineData("c1,i\u0007bell,2024-05-01T10:00:00Z,1,EUR,", "item", "i\\u0007bell", "control character U+0007")]
    [InlineData("c1,i1,01/02/2024,1,EUR,", "time", "01/02/2024", "not a time")]
    [InlineData("c1,i1,2031-01-01T00:00:00Z,1,EUR,", "time", "2031-01-01T00:00:00Z", "lies in the future")]
    [InlineData("c1,i1,2024-05-01", "", "c1,i1,2024-05-01", "has 3 columns instead of 6: it is truncated before \"price\"")]
    [InlineData("c1,i1,2024-05-01T10:00:00Z,1,EUR,a,b", "", "c1,i1,2024-05-01T10:00:00Z,1,EUR,a,b", "has 7 columns instead of 6")]
    [InlineData("c1,\"i1,2024-05-01,1,EUR,", "", "c1,\"i1,2024-05-01,1,EUR,", "opens a quote and does not close it")]
    public void A_bad_line_is_named_with_line_column_value_and_advice_and_the_others_are_read(
        string bad, string column, string value, string problem)
    {
        _folder.Write("log.csv", Header, Good(1), bad, Good(2));
        var records = Read();
        Assert.Equal(["i1", "i2"], records.OfType<EventRecord>().Select(record => record.Event.ItemId));
        RejectedLine rejected = Assert.Single(records.OfType<RejectedLine>());
        Assert.Equal((new Place("log.csv", 3), column, value), (rejected.Place, rejected.Column, rejected.Value));
        Assert.Contains(problem, rejected.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_of_129_bytes_is_too_long_and_one_of_128_is_not()
    {
        string longest = new('é', 64);
        _folder.Write("log.csv", Header, $"c1,{longest},2024-05-01,1,EUR,", $"c1,{longest}x,2024-05-01,1,EUR,");
        var records = Read();
        Assert.Equal(longest, Assert.Single(records.OfType<EventRecord>()).Event.ItemId);
        Assert.Contains("129 bytes", Assert.Single(records.OfType<RejectedLine>()).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_in_another_encoding_is_rejected_and_names_the_column()
    {
        byte[] latin = Encoding.Latin1.GetBytes("c1,café,2024-05-01,1,EUR,\n");
        byte[] before = Encoding.UTF8.GetBytes($"{Header}\nc1,thé,2024-05-01,1,EUR,\n"), after = Encoding.UTF8.GetBytes(Good(2));
        _folder.WriteBytes("log.csv", [.. before, .. latin, .. after]);
        var records = Read();
        Assert.Equal(["thé", "i2"], records.OfType<EventRecord>().Select(record => record.Event.ItemId));
        RejectedLine rejected = Assert.Single(records.OfType<RejectedLine>());
        Assert.Equal((3, "item"), (rejected.Place.Line, rejected.Column));
        Assert.Contains("not valid UTF-8", rejected.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Quotes_may_hold_separators_quotes_and_line_ends_and_lines_are_still_counted_right()
    {
        _folder.Write("log.csv", Header, "c1,\"i,\"\"1\"\"\",2024-05-01,1,EUR,\"two", "lines\"", "c1,i2,2024-05-01,oops,EUR,");
        var records = Read();
        Assert.Equal("i,\"1\"", Assert.Single(records.OfType<EventRecord>()).Event.ItemId);
        Assert.Equal(4, Assert.Single(records.OfType<RejectedLine>()).Place.Line);
    }

    [Fact]
    public void A_quote_left_open_costs_its_own_line_even_where_later_lines_have_quotes()
    {
        _folder.Write("log.csv", Header, "c1,\"i1,2024-05-01", "c2,\"i2\",2024-05-01,1,EUR,", Good(3));
        var records = Read();
        Assert.Equal(["i2", "i3"], records.OfType<EventRecord>().Select(record => record.Event.ItemId));
        Assert.Equal(2, Assert.Single(records.OfType<RejectedLine>()).Place.Line);
        Assert.Equal([3, 4], records.OfType<EventRecord>().Select(record => record.Place.Line));
    }

    [Fact]
    public void A_line_without_end_is_skipped_and_not_kept_in_memory()
    {
        _folder.Write("log.csv", Header, Good(1), new string('x', 3 * LineReader.MaxLength), Good(2));
        var records = Read();
        Assert.Equal(["i1", "i2"], records.OfType<EventRecord>().Select(record => record.Event.ItemId));
        RejectedLine rejected = Assert.Single(records.OfType<RejectedLine>());
        Assert.Equal(3, rejected.Place.Line);
        Assert.Contains("longer than", rejected.Problem, StringComparison.Ordinal);
        Assert.True(rejected.Value.Length < 100);
    }

    [Fact]
    public void A_compressed_file_that_breaks_off_gives_what_it_has_and_says_so()
    {
        var lines = Enumerable.Range(1, 20_000).Select(i => Good(i * 7919 % 20_011));
        byte[] whole = SourceFolder.Gzip(string.Join('\n', lines.Prepend(Header)));
        _folder.WriteBytes("log.csv", whole[..(whole.Length / 2)]);
        var records = Read();
        Assert.InRange(records.OfType<EventRecord>().Count(), 1_000, 19_000);
        Assert.Contains(records.OfType<RejectedLine>(), rejected => rejected.Problem.Contains("breaks off", StringComparison.Ordinal));
    }

    [Fact]
    public void Plain_and_compressed_files_say_the_same_with_and_without_byte_order_mark_and_carriage_returns()
    {
        _folder.Write("plain.csv", Header, Good(1), Good(2)).WriteGzip("packed.csv", Header, Good(1), Good(2))
            .WriteBytes("windows.csv", Encoding.UTF8.GetBytes($"\uFEFF{Header}\r\n{Good(1)}\r\n{Good(2)}"));
        var plain = Events("plain.csv");
        Assert.Equal(2, plain.Length);
        Assert.Equal(plain, Events("packed.csv"));
        Assert.Equal(plain, Events("windows.csv"));
    }

    [Fact]
    public void A_rejection_reads_as_a_sentence()
    {
        _folder.Write("log.csv", Header, "c1,i1,2024-05-01,NaN,EUR,");
        string sentence = Read().Single().ToString();
        Assert.StartsWith("log.csv, line 2: price \"NaN\" is not a price; write digits", sentence, StringComparison.Ordinal);
    }

    private Recommender.Interactions.ShopEvent[] Events(string file) =>
        [.. _folder.Read("csv", file: file).Cast<EventRecord>().Select(record => record.Event)];

    private List<ImportRecord> Read() => _folder.Read("csv", file: "log.csv");

    private static string Good(int i) => $"c{i},i{i},2024-05-0{1 + i % 9}T10:00:00Z,{i}.50,EUR,";
}
