using System.Text;
using Recommender.Interactions;

namespace Recommender.Tests.Interactions;

public sealed class VocabularyTests
{
    [Fact]
    public void Ids_are_numbered_in_the_order_in_which_they_are_first_seen()
    {
        var builder = new VocabularyBuilder();
        Assert.Equal([0, 1, 0, 2], ((string[])["b", "a", "b", ""]).Select(builder.Add));
        Vocabulary built = builder.Build();
        Assert.Equal(["b", "a", ""], Enumerable.Range(0, built.Count).Select(number => built[number]));
        Assert.True(built.TryGetNumber("a".AsSpan(), out int number));
        Assert.Equal(1, number);
        Assert.False(built.TryGetNumber("c", out _));
        Assert.Equal(0, builder.Count);
    }

    [Fact]
    public void Ids_of_every_kind_survive_a_file()
    {
        string[] ids = ["plain", "", " spaces ", "line\nfeed", "carriage\r\nreturn", "back\\slash", "\\n", "ünï", "日本", "𐍈🛒", "\u2028\u0085", "\uFEFFbom", "q\"'"];
        var builder = new VocabularyBuilder();
        foreach (string id in ids) builder.Add(id);
        using var stream = new MemoryStream();
        builder.Build().WriteTo(stream);
        Assert.Equal(ids.Length, Encoding.UTF8.GetString(stream.ToArray()).Count(c => c == '\n'));
        stream.Position = 0;
        Vocabulary read = Vocabulary.ReadFrom(stream);
        Assert.Equal(ids, Enumerable.Range(0, read.Count).Select(number => read[number]));
    }

    [Fact]
    public void An_id_that_is_held_already_is_not_held_twice_whatever_its_number()
    {
        string[] ids = ["a", "line\nfeed", "日本", new('x', 10_000), "z"];
        var before = new VocabularyBuilder();
        foreach (string id in ids.Reverse()) before.Add(id);
        Vocabulary known = before.Build();
        var after = new VocabularyBuilder(known);
        foreach (string id in ids.Append("new")) after.Add(new string(id.AsSpan()));
        Vocabulary built = after.Build();
        using var stream = new MemoryStream();
        built.WriteTo(stream);
        stream.Position = 0;
        Vocabulary read = Vocabulary.ReadFrom(stream, known);

        Assert.Equal([.. ids, "new"], Enumerable.Range(0, built.Count).Select(number => built[number]));
        Assert.Equal([.. ids, "new"], Enumerable.Range(0, read.Count).Select(number => read[number]));
        Assert.All(ids, id => Assert.Contains(built[Number(built, id)], ids.Select(one => known[Number(known, one)]), ReferenceEqualityComparer.Instance));
        Assert.Same(known[Number(known, "日本")], read[Number(read, "日本")]);

        static int Number(Vocabulary vocabulary, string id) => vocabulary.TryGetNumber(id, out int number) ? number : -1;
    }

    [Theory]
    [InlineData("a\nb\na\n", "Line 3 repeats the id 'a'")]
    [InlineData("a\nb\\x\n", "Line 2")]
    [InlineData("a\\", "Line 1")]
    public void A_file_that_is_no_vocabulary_is_refused_with_its_line(string lines, string said)
    {
        var stream = new MemoryStream(Encoding.UTF8.GetBytes(lines));
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => Vocabulary.ReadFrom(stream)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        var stream = new MemoryStream([(byte)'a', (byte)'\n', 0xFF, 0xFE, (byte)'\n']);
        Assert.Throws<InvalidDataException>(() => Vocabulary.ReadFrom(stream));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_because_no_file_can_keep_it() =>
        Assert.Contains("character 1", Assert.Throws<ArgumentException>(() => new VocabularyBuilder().Add("a\uD83D")).Message, StringComparison.Ordinal);
}
