using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>
/// Writes a factorization as a model that ML.NET loads (<c>mlContext.Model.Load</c>): keys of both sides, where they have any, then the
/// prediction. The same factorization gives the same bytes.
/// </summary>
public static class SavedModelWriter
{
    // Zips keep no time before this one; the moment of writing would make every file another.
    private static readonly DateTimeOffset _noTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="saved">The factorization.</param>
    /// <param name="zip">Written from where it stands; left open.</param>
    /// <param name="cancellation">Stops between two parts.</param>
    /// <exception cref="InvalidModelException">It is larger than ML.NET can hold.</exception>
    public static void Write(SavedFactorization saved, Stream zip, CancellationToken cancellation)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Model files are little-endian; this machine is not.");
        SavedSide[] mapped = [.. new[] { saved.Columns, saved.Rows }.Where(side => !side.Keys.IsIndex)];
        using var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true);
        for (int stage = 0; stage < mapped.Length; stage++) WriteMapping(archive, Folder(stage), mapped[stage]);
        cancellation.ThrowIfCancellationRequested();
        WritePredictor(archive, Folder(mapped.Length), saved, cancellation);
        WriteChain(archive, mapped.Length + 1);
        Entry(archive, "Schema", stream => EmptyDataView.Write(stream, [Input(saved.Columns), Input(saved.Rows), ("Label", EmptyDataView.Codec("Single"))]));
    }

    private static string Folder(int stage) => string.Create(CultureInfo.InvariantCulture, $"{TransformerChain.Loader}/Transform_{stage:000}/");

    private static void WriteMapping(ZipArchive archive, string folder, SavedSide side)
    {
        Entry(archive, folder + KeyMapping.Vocabulary, stream => WriteVocabulary(stream, side.Keys));
        var key = new ModelKeyWriter(KeyMapping.Signature, KeyMapping.Version, KeyMapping.Version, KeyMapping.Loader, ModelKeyWriter.DataAssembly);
        Entry(archive, folder + "Model.key", stream => key.Write(stream, Block(block =>
        {
            block.Write(1);
            block.Write(key.Text(side.KeyColumn));
            block.Write(key.Text(side.InputColumn));
            // Keys are annotated by their values, not by texts of them.
            block.Write(false);
        })));
    }

    private static void WriteVocabulary(Stream stream, KeyVocabulary keys)
    {
        var key = new ModelKeyWriter(KeyMapping.VocabularySignature, KeyMapping.VocabularyVersion, KeyMapping.VocabularyVersion, KeyMapping.VocabularyLoader,
            ModelKeyWriter.DataAssembly);
        key.Write(stream, Block(block =>
        {
            block.Write(1);
            block.Write(keys.IsText ? KeyMapping.Texts : KeyMapping.Values);
            if (keys.Codec is { } codec) block.Write(EmptyDataView.Codec(codec.Name, codec.Parameters.Span));
            block.Write(keys.Count);
            if (keys.Codec is not null) block.Write(keys.Packed.Span);
            else for (int number = 0; number < keys.Count; number++) block.Write(key.Text(keys[number]));
        }));
    }

    private static void WritePredictor(ZipArchive archive, string folder, SavedFactorization saved, CancellationToken cancellation)
    {
        var factors = new ModelKeyWriter(FactorBlock.Signature, FactorBlock.Version, FactorBlock.OldVersion, FactorBlock.Loader,
            ModelKeyWriter.RecommenderAssembly);
        long floats = (long)saved.Rows.Values.Length + saved.Columns.Values.Length;
        Entry(archive, folder + FactorBlock.Entry, stream => factors.Write(stream, 12 + 4 * floats, block =>
        {
            Span<int> sizes = [saved.Rows.Keys.Count, saved.Columns.Keys.Count, saved.Factors];
            block.Write(MemoryMarshal.AsBytes(sizes));
            WriteFloats(block, saved.Rows.Values.Span, cancellation);
            WriteFloats(block, saved.Columns.Values.Span, cancellation);
        }));
        Entry(archive, folder + "TrainSchema", stream => EmptyDataView.Write(stream,
            [(saved.Columns.KeyColumn, EmptyDataView.KeyCodecOf(saved.Columns.Keys.Count)),
                (saved.Rows.KeyColumn, EmptyDataView.KeyCodecOf(saved.Rows.Keys.Count))]));
        var key = new ModelKeyWriter(SavedModelReader.PredictorSignature, SavedModelReader.PredictorVersion, SavedModelReader.PredictorVersion,
            SavedModelReader.Predictor, ModelKeyWriter.RecommenderAssembly);
        Entry(archive, folder + "Model.key", stream => key.Write(stream, Block(block =>
        {
            block.Write(key.Text(saved.Columns.KeyColumn));
            block.Write(key.Text(saved.Rows.KeyColumn));
        })));
    }

    private static void WriteFloats(Stream stream, ReadOnlySpan<float> values, CancellationToken cancellation)
    {
        const int Piece = 1 << 20;
        for (int from = 0; from < values.Length; from += Piece)
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Write(MemoryMarshal.AsBytes(values.Slice(from, Math.Min(Piece, values.Length - from))));
        }
    }

    private static void WriteChain(ZipArchive archive, int stages)
    {
        var key = new ModelKeyWriter(TransformerChain.Signature, TransformerChain.Version, TransformerChain.Version,
            TransformerChain.Loader, ModelKeyWriter.DataAssembly);
        Entry(archive, $"{TransformerChain.Loader}/Model.key", stream => key.Write(stream, Block(block =>
        {
            block.Write(stages);
            for (int stage = 0; stage < stages; stage++) block.Write(TransformerChain.Everywhere);
        })));
    }

    private static (string Name, byte[] Codec) Input(SavedSide side) => (side.InputColumn, side.Keys switch
    {
        { IsIndex: true } keys => EmptyDataView.KeyCodecOf(keys.Count),
        { Codec: { } codec } => EmptyDataView.Codec(codec.Name, codec.Parameters.Span),
        _ => EmptyDataView.Codec("TextSpan"),
    });

    private static MemoryStream Block(Action<BinaryWriter> write)
    {
        var block = new MemoryStream();
        using var writer = new BinaryWriter(block, Encoding.UTF8, leaveOpen: true);
        write(writer);
        return block;
    }

    private static void Entry(ZipArchive archive, string name, Action<Stream> write)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name);
        entry.LastWriteTime = _noTime;
        using Stream stream = entry.Open();
        write(stream);
    }
}
