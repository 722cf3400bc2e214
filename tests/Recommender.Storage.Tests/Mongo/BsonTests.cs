using System.Buffers;
using System.Text;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Tests.Mongo;

public sealed class BsonTests
{
    [Fact]
    public void Every_document_is_read_as_it_was_written()
    {
        for (int seed = 0; seed < 2_000; seed++)
        {
            var (document, expected) = Make(seed);
            Assert.Equal(expected, Describe(document));
        }
    }

    [Fact]
    public void A_document_cut_short_anywhere_is_refused()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            byte[] document = Make(seed).Document;
            for (int length = 0; length < document.Length; length++) Assert.Throws<InvalidBsonException>(() => Describe(document.AsSpan(0, length).ToArray()));
        }
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_read_as_some_document_and_nothing_behind_them_is_touched()
    {
        var random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 10_000; round++)
        {
            byte[] document = Make(random.Next(200)).Document;
            for (int changes = random.Next(1, 4); changes > 0; changes--) document[random.Next(document.Length)] = (byte)random.Next(256);
            refused += IsRefused(document) ? 1 : 0;
        }
        Assert.InRange(refused, 1_000, 9_000);
    }

    [Fact]
    public void A_wrong_length_of_every_part_is_refused_or_stays_inside_the_document()
    {
        int[] lengths = [int.MinValue, -1, 0, 1, 4, 5, 1 << 16, int.MaxValue - 16, int.MaxValue - 4, int.MaxValue];
        for (int seed = 0; seed < 10; seed++)
        {
            byte[] document = Make(seed).Document;
            for (int at = 0; at + 4 <= document.Length; at++)
            {
                foreach (int length in lengths)
                {
                    byte[] damaged = [.. document];
                    BitConverter.TryWriteBytes(damaged.AsSpan(at), length);
                    IsRefused(damaged);
                }
            }
        }
    }

    [Fact]
    public void The_bytes_are_those_of_the_specification()
    {
        // bsonspec.org: {"hello": "world"} and {"BSON": ["awesome", 5.05, 1986]}.
        using var writer = new BsonWriter();
        Assert.Equal("160000000268656C6C6F0006000000776F726C640000", Convert.ToHexString(writer.String("hello", "world").Close().Span));
        writer.Reset();
        writer.BeginArray("BSON").String("", "awesome").Double("", 5.05).Int32("", 1986).End();
        Assert.Equal("310000000442534F4E002600000002300008000000617765736F6D65000131003333333333331440103200C20700000000", Convert.ToHexString(writer.Close().Span));
    }

    [Fact]
    public void A_number_is_read_as_any_kind_that_holds_it_and_refused_as_one_that_does_not()
    {
        using var writer = new BsonWriter();
        byte[] document = writer.Int32("a", -5).Int64("b", 1L << 40).Double("c", 7).Double("d", 0.5).Double("e", double.NaN).Double("f", 1e300).Close().ToArray();
        Assert.Equal(-5L, Field(document, "a"u8).Int64());
        Assert.Equal(-5.0, Field(document, "a"u8).Double());
        Assert.Equal(-5m, Field(document, "a"u8).Decimal());
        Assert.Equal(7, Field(document, "c"u8).Int32());
        Assert.Equal(0.5m, Field(document, "d"u8).Decimal());
        Assert.Throws<InvalidBsonException>(() => Field(document, "e"u8).Decimal());
        Assert.Throws<InvalidBsonException>(() => Field(document, "f"u8).Decimal());
        Assert.Throws<InvalidBsonException>(() => Field(document, "b"u8).Int32());
        Assert.Throws<InvalidBsonException>(() => Field(document, "d"u8).Int64());
        Assert.Throws<InvalidBsonException>(() => Field(document, "e"u8).Int64());
        Assert.Throws<InvalidBsonException>(() => Field(document, "f"u8).Int64());
        Assert.Throws<InvalidBsonException>(() => Field(document, "a"u8).String());
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_as_text()
    {
        byte[] document = [0x0F, 0, 0, 0, 2, (byte)'a', 0, 3, 0, 0, 0, 0xC3, 0x28, 0, 0];
        Assert.Contains("UTF-8", Assert.Throws<InvalidBsonException>(() => Field(document, "a"u8).String()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_with_the_character_0_is_refused_and_a_large_document_grows()
    {
        using var writer = new BsonWriter();
        Assert.Throws<ArgumentException>(() => writer.Int32("a\0b", 1));
        writer.Reset();
        for (int i = 0; i < 20_000; i++) writer.String($"field_{i}", new string('x', 100));
        var fields = new BsonReader(writer.Close().Span);
        int count = 0;
        while (fields.Read()) count++;
        Assert.Equal(20_000, count);
    }

    [Fact]
    public void Writing_and_reading_numbers_and_names_allocates_nothing()
    {
        using var writer = new BsonWriter();
        long Round()
        {
            writer.Reset();
            writer.Int32("quantity", 3).Decimal("price", 12.95m).BeginArray("positions").Int64("", 5).Int64("", 6).End();
            long sum = 0;
            var fields = new BsonReader(writer.Close().Span);
            while (fields.Read())
            {
                if (fields.Is("quantity"u8)) sum += fields.Int32();
                else if (fields.Is("price"u8)) sum += (long)fields.Decimal();
                else if (fields.Is("positions"u8)) sum += new BsonReader(fields.Document()).Find("1"u8) ? 1 : 0;
            }
            return sum;
        }
        Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++) Assert.True(Round() == 16);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static BsonReader Field(byte[] document, ReadOnlySpan<byte> name)
    {
        var fields = new BsonReader(document);
        Assert.True(fields.Find(name));
        return fields;
    }

    /// <summary>Reads from the middle of a buffer whose other bytes would show as a value if they were read.</summary>
    private static bool IsRefused(byte[] document)
    {
        byte[] surroundings = ArrayPool<byte>.Shared.Rent(document.Length + 64);
        Array.Fill(surroundings, (byte)2);
        document.CopyTo(surroundings, 32);
        try
        {
            Describe(surroundings.AsSpan(32, document.Length));
            return false;
        }
        catch (InvalidBsonException) { return true; }
        finally { ArrayPool<byte>.Shared.Return(surroundings); }
    }

    private static (byte[] Document, string Expected) Make(int seed)
    {
        var random = new Random(seed);
        var expected = new StringBuilder();
        using var writer = new BsonWriter();
        RandomDocument.Write(writer, random, expected);
        return (writer.Close().ToArray(), expected.ToString());
    }

    private static string Describe(ReadOnlySpan<byte> document)
    {
        var found = new StringBuilder();
        RandomDocument.Read(document, found);
        return found.ToString();
    }
}
