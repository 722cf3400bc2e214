using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Recommender.MlNet;
using Recommender.Models;

namespace Recommender.Tests.MlNet;

public sealed class SavedModelWriterTests
{
    [Fact]
    public void What_is_exported_and_imported_is_identical()
    {
        string[] people = ["u1", " with spaces ", "two, words", "線\n\t", "emoji😀", new string('x', 70_000)];
        SavedFactorization saved = SavedFactorizations.Of(SavedFactorizations.Texts(people), SavedFactorizations.Texts("a", "b", "c", "u1"), factors: 5);
        SavedFactorizations.AssertSame(saved, MlNetFixtures.Read(MlNetFixtures.Write(saved)));
    }

    [Fact]
    public void Factors_that_are_no_numbers_stay_as_they_are()
    {
        // LIBMF leaves them where a row was never trained.
        float[] values = [float.NaN, float.PositiveInfinity, -0f, float.Epsilon, BitConverter.Int32BitsToSingle(0x7FC12345), 1];
        var rows = new SavedSide("UserId", "UserId", KeyVocabulary.OfIndices(3), values);
        var columns = new SavedSide("ItemId", "ItemKey", SavedFactorizations.Texts("a"), new float[] { 1, 2 });
        var saved = new SavedFactorization(rows, columns, 2);
        SavedFactorizations.AssertSame(saved, MlNetFixtures.Read(MlNetFixtures.Write(saved)));
        Assert.Equal(float.NaN, new MatrixFactorizationModel(saved, MatrixSide.Rows).Predict("0", "a"));
    }

    [Theory]
    [InlineData("SByte", new byte[] { 0xFF, 0x05 }, "-1", "5")]
    [InlineData("Byte", new byte[] { 0xFF, 0x05 }, "255", "5")]
    [InlineData("Int16", new byte[] { 0xFF, 0xFF, 1, 0 }, "-1", "1")]
    [InlineData("UInt16", new byte[] { 0xFF, 0xFF, 1, 0 }, "65535", "1")]
    [InlineData("Int32", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0 }, "-1", "1")]
    [InlineData("UInt32", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0 }, "4294967295", "1")]
    [InlineData("Boolean", new byte[] { 2 }, "False", "True")]
    public void Keys_of_other_types_are_texts_here_and_keep_their_type(string type, byte[] packed, string first, string second)
    {
        KeyVocabulary keys = KeyVocabulary.OfValues(new KeyCodec(type, default), packed, 2);
        SavedFactorization again = MlNetFixtures.Read(MlNetFixtures.Write(SavedFactorizations.Of(keys, SavedFactorizations.Texts("a"))));
        Assert.Equal((type, first, second), (again.Rows.Keys.Kind, again.Rows.Keys[0], again.Rows.Keys[1]));
        Assert.Equal(packed, again.Rows.Keys.Packed.ToArray());
    }

    [Fact]
    public void Moments_and_floats_are_texts_that_everybody_reads()
    {
        Assert.Equal("2026-11-22T04:15:00", One("DateTime", Long(new DateTime(2026, 11, 22, 4, 15, 0).Ticks)));
        Assert.Equal("1.02:03:04", One("TimeSpan", Long(new TimeSpan(1, 2, 3, 4).Ticks)));
        Assert.Equal("2026-11-22T04:15:00.0000000+01:30", One("DateTimeOffset", [90, 0, .. Long(new DateTime(2026, 11, 22, 4, 15, 0).Ticks)]));
        Assert.Equal("0.1", One("Single", MemoryMarshal.AsBytes<float>(new[] { 0.1f }).ToArray()));
        Assert.Equal("-9223372036854775808", One("Int64", Long(long.MinValue)));
        // A key of 7 is the property's 6.
        Assert.Equal("6", KeyVocabulary.OfValues(new KeyCodec("Key2", (byte[])[.. EmptyDataView.Codec("UInt32"), .. Long(9)]), (byte[])[7, 0, 0, 0], 1)[0]);

        static string One(string type, byte[] packed) => KeyVocabulary.OfValues(new KeyCodec(type, default), packed, 1)[0];
        static byte[] Long(long value)
        {
            byte[] bytes = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            return bytes;
        }
    }

    [Fact]
    public void The_same_factorization_gives_the_same_bytes()
    {
        byte[] first = MlNetFixtures.Write(SavedFactorizations.Of(KeyVocabulary.OfIndices(4), KeyVocabulary.OfIndices(2)));
        Assert.Equal(first, MlNetFixtures.Write(SavedFactorizations.Of(KeyVocabulary.OfIndices(4), KeyVocabulary.OfIndices(2))));
    }

    [Fact]
    public void A_key_that_is_empty_or_comes_twice_is_refused()
    {
        Assert.Contains("missing value", Assert.Throws<InvalidModelException>(() => SavedFactorizations.Texts("a", "")).Message, StringComparison.Ordinal);
        Assert.Contains("'a'", Assert.Throws<InvalidModelException>(() => SavedFactorizations.Texts("a", "b", "a")).Message, StringComparison.Ordinal);
    }
}
