using System.IO.Compression;
using Recommender.MlNet;
using Recommender.Models;

namespace Recommender.Tests.MlNet;

/// <summary>Whatever is wrong with a file, it is told as that, and nothing is allocated by what the file claims.</summary>
public sealed class DamagedModelTests
{
    // A header of 22 KB may not cost more than this, whatever it says.
    private const long MostAllocated = 64 << 20;

    public static TheoryData<string> Fixtures => [.. MlNetFixtures.Names];

    [Theory, MemberData(nameof(Fixtures))]
    public void A_file_cut_off_anywhere_is_refused(string name)
    {
        byte[] zip = MlNetFixtures.Zip(name);
        for (int length = 0; length < zip.Length; length++)
        {
            byte[] cut = zip[..length];
            Assert.Throws<InvalidModelException>(() => MlNetFixtures.Read(cut));
        }
    }

    [Theory, MemberData(nameof(Fixtures))]
    public void A_file_with_a_changed_byte_is_refused_or_predicts_the_same(string name)
    {
        byte[] zip = MlNetFixtures.Zip(name);
        SavedFactorization whole = MlNetFixtures.Read(zip);
        var random = new Random(7);
        for (int flip = 0; flip < 4000; flip++)
        {
            byte[] changed = [.. zip];
            changed[random.Next(zip.Length)] ^= (byte)random.Next(1, 256);
            RefusedOrSame(whole, changed);
        }
    }

    [Theory, MemberData(nameof(Fixtures))]
    public void Whatever_an_entry_says_costs_no_more_than_its_bytes(string name)
    {
        // The bytes of the parts themselves, with checksums that fit: what is wrong then is what the parts say.
        byte[] zip = MlNetFixtures.Zip(name);
        string[] parts = Parts(zip);
        var random = new Random(11);
        for (int flip = 0; flip < 1500; flip++)
        {
            string part = parts[random.Next(parts.Length)];
            byte[] changed = With(zip, part, bytes => bytes[random.Next(bytes.Length)] = (byte)random.Next(256));
            long before = GC.GetAllocatedBytesForCurrentThread();
            Refused(changed);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        }
    }

    [Theory]
    [InlineData("TransformerChain/Transform_002/Model/Model.key", 0x100)]
    [InlineData("TransformerChain/Transform_002/Model/Model.key", 0x104)]
    [InlineData("TransformerChain/Transform_002/Model/Model.key", 0x108)]
    [InlineData("TransformerChain/Transform_000/Vocabulary/Model.key", 0x105)]
    [InlineData("TransformerChain/Transform_000/Vocabulary/Model.key", 0x28)]
    [InlineData("TransformerChain/Transform_000/Model.key", 0x100)]
    [InlineData("TransformerChain/Model.key", 0x100)]
    public void An_absurd_count_is_refused_before_anything_of_that_size_is_allocated(string part, int at)
    {
        byte[] changed = With(MlNetFixtures.Zip("string_keys_col_user"), part, bytes => bytes.AsSpan(at, 4).Fill(0x7F));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidModelException>(() => MlNetFixtures.Read(changed));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_model_longer_than_the_memory_is_refused_with_both()
    {
        byte[] zip = MlNetFixtures.Write(SavedFactorizations.Of(KeyVocabulary.OfIndices(4000), KeyVocabulary.OfIndices(2000)));
        var refused = Assert.Throws<InvalidModelException>(() => SavedModelReader.Read(new MemoryStream(zip), availableBytes: 50_000));
        Assert.Contains("bytes of the model would be in memory; there are 50000", refused.Message, StringComparison.Ordinal);
        SavedModelReader.Read(new MemoryStream(zip), availableBytes: 100_000);
    }

    [Fact]
    public void What_is_no_zip_or_no_model_is_said_to_be_so()
    {
        Assert.Contains("no zip", Message("not a zip at all"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("'holiday.jpg'", Message(ZipOf(("holiday.jpg", [1, 2, 3]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_model_of_the_same_signature_is_told_by_its_loader()
    {
        // A field-aware factorization machine carries FAFAMAPD as well.
        byte[] zip = MlNetFixtures.Write(SavedFactorizations.Of(KeyVocabulary.OfIndices(4), KeyVocabulary.OfIndices(2)));
        byte[] machine = With(zip, "TransformerChain/Transform_000/Model.key", bytes =>
        {
            "FieldAwareFactMacPredXf\0"u8.CopyTo(bytes.AsSpan(0x50));
            "FAFMPRED"u8.CopyTo(bytes.AsSpan(0x40));
        });
        Assert.Contains("made of FieldAwareFactMacPredXf", Message(machine), StringComparison.Ordinal);
        byte[] parameters = With(zip, "TransformerChain/Transform_000/Model/Model.key", bytes => "FieldAwareFactMacPred\0\0\0"u8.CopyTo(bytes.AsSpan(0x50)));
        Assert.Contains("'FieldAwareFactMacPred'", Message(parameters), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_another_transformer_made_are_refused_by_its_name()
    {
        byte[] hashed = With(MlNetFixtures.Zip("string_keys_col_user"), "TransformerChain/Transform_000/Model.key",
            bytes => "HashTransform\0\0\0\0\0\0\0\0\0\0\0"u8.CopyTo(bytes.AsSpan(0x50)));
        string message = Message(hashed);
        Assert.Contains("'HashTransform'", message, StringComparison.Ordinal);
        Assert.Contains("'userIdEncoded'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_of_another_model_is_refused_with_both_counts()
    {
        byte[] zip = MlNetFixtures.Zip("string_keys_col_user");
        byte[] items = Bytes(zip, "TransformerChain/Transform_001/Vocabulary/Model.key");
        string message = Message(Replace(zip, "TransformerChain/Transform_000/Vocabulary/Model.key", items));
        Assert.Contains("90 keys", message, StringComparison.Ordinal);
        Assert.Contains("150", message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Fixtures))]
    public void Files_saved_on_windows_or_without_what_nobody_reads_are_the_same_model(string name)
    {
        byte[] zip = MlNetFixtures.Zip(name);
        SavedFactorization whole = MlNetFixtures.Read(zip);
        byte[] backslashes = ZipOf([.. Parts(zip).Select(part => (part.Replace('/', '\\'), Bytes(zip, part)))]);
        SavedFactorizations.AssertSame(whole, MlNetFixtures.Read(backslashes));
        byte[] bare = ZipOf([.. Parts(zip).Where(part => part.EndsWith("Model.key", StringComparison.Ordinal)).Select(part => (part, Bytes(zip, part)))]);
        SavedFactorizations.AssertSame(whole, MlNetFixtures.Read(bare));
    }

    [Fact]
    public void A_model_saved_with_its_data_loader_is_found_in_the_chain_around_it()
    {
        byte[] zip = MlNetFixtures.Zip("string_keys_col_user");
        var outer = new ModelKeyWriter(TransformerChain.Signature, TransformerChain.Version, TransformerChain.Version, TransformerChain.Loader, ModelKeyWriter.DataAssembly);
        using var chain = new MemoryStream();
        outer.Write(chain, new MemoryStream([1, 0, 0, 0, 7, 0, 0, 0]));
        var parts = Parts(zip).Where(part => part != "Schema").Select(part => (part.Replace("TransformerChain/", "TransformerChain/Transform_000/", StringComparison.Ordinal), Bytes(zip, part)));
        byte[] around = ZipOf([.. parts, ("TransformerChain/Model.key", chain.ToArray()), ("Model.key", [1]), ("Loader/Model.key", [1])]);
        SavedFactorizations.AssertSame(MlNetFixtures.Read(zip), MlNetFixtures.Read(around));
    }

    [Fact]
    public void Parameters_of_the_first_versions_are_read()
    {
        SavedFactorization saved = SavedFactorizations.Of(KeyVocabulary.OfIndices(4), KeyVocabulary.OfIndices(2));
        const string Part = "TransformerChain/Transform_000/Model/Model.key";
        byte[] zip = MlNetFixtures.Write(saved), key = Bytes(zip, Part);
        var old = new ModelKeyWriter(FactorBlock.Signature, FactorBlock.OldVersion, FactorBlock.OldVersion, FactorBlock.Loader, ModelKeyWriter.RecommenderAssembly);
        using var bytes = new MemoryStream();
        // The lowest index, 0 in 64 bits, after each of the two counts.
        old.Write(bytes, new MemoryStream([.. key[0x100..0x104], .. new byte[8], .. key[0x104..0x108], .. new byte[8], .. key[0x108..(0x10C + 4 * 3 * 6)]]));
        SavedFactorizations.AssertSame(saved, MlNetFixtures.Read(Replace(zip, Part, bytes.ToArray())));
    }

    private static void RefusedOrSame(SavedFactorization whole, byte[] zip)
    {
        SavedFactorization read;
        try { read = MlNetFixtures.Read(zip); }
        catch (InvalidModelException) { return; }
        SavedFactorizations.AssertSame(whole, read);
    }

    private static void Refused(byte[] zip)
    {
        // A changed float or character is as good as any other; that it is another than any other exception fails the test.
        try { MlNetFixtures.Read(zip); }
        catch (InvalidModelException) { return; }
    }

    private static string Message(byte[] zip) => Assert.Throws<InvalidModelException>(() => MlNetFixtures.Read(zip)).Message;

    private static string[] Parts(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }

    private static byte[] Bytes(byte[] zip, string part)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        using Stream stream = archive.GetEntry(part)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] With(byte[] zip, string part, Action<byte[]> change)
    {
        byte[] bytes = Bytes(zip, part);
        change(bytes);
        return Replace(zip, part, bytes);
    }

    private static byte[] Replace(byte[] zip, string part, byte[] bytes) => ZipOf([.. Parts(zip).Select(one => (one, one == part ? bytes : Bytes(zip, one)))]);

    private static byte[] ZipOf(params IReadOnlyList<(string Name, byte[] Bytes)> entries)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream stream = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                stream.Write(bytes);
            }
        }
        return zip.ToArray();
    }
}
