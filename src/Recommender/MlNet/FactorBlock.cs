using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>
/// The factors: P, one vector a row of the matrix, and Q, one vector a column, both row by row. Read as a stream, for they may be larger
/// than an array of bytes.
/// </summary>
internal static class FactorBlock
{
    /// <summary>Also that of FieldAwareFactorizationMachine, another model: only <see cref="Loader"/> tells.</summary>
    public const string Signature = "FAFAMAPD";
    public const string Loader = "MFPredictor";
    public const uint Version = 0x00010002;
    public const string Entry = "Model/Model.key";

    /// <summary>Versions 0.7 to 0.9 wrote the lowest index beside the count of rows and columns.</summary>
    public const uint OldVersion = 0x00010001;

    /// <exception cref="InvalidModelException">Damaged, of another kind, or sizes that contradict each other.</exception>
    public static (int Rows, int Columns, int Factors, float[] P, float[] Q) Read(ModelEntries entries, string name)
    {
        using EntryReader entry = entries.Open(name);
        if (entry.Length < ModelKeyHeader.Bytes + 8)
            throw new InvalidModelException($"'{name}' has {entry.Length} bytes; its header alone takes {ModelKeyHeader.Bytes}.");
        byte[] bytes = new byte[ModelKeyHeader.Bytes];
        entry.Read(bytes);
        var header = ModelKeyHeader.Parse(name, bytes, entry.Length);
        if (header.Loader != Loader)
            throw new InvalidModelException($"'{name}' is loaded by '{header.Loader}', not by '{Loader}': the model is none of ML.NET's matrix factorization.");
        header.Require(name, Signature, OldVersion, Version);
        (int rows, int columns, int factors) = ReadSizes(entry, name, header);
        float[] p = new float[(long)rows * factors], q = new float[(long)columns * factors];
        ReadFloats(entry, p);
        ReadFloats(entry, q);
        ReadRest(entry, name, header);
        return (rows, columns, factors, p, q);
    }

    private static (int Rows, int Columns, int Factors) ReadSizes(EntryReader entry, string name, ModelKeyHeader header)
    {
        bool old = header.Written == OldVersion;
        int length = old ? 28 : 12;
        if (header.BlockLength < length) throw new InvalidModelException($"'{name}' has a block of {header.BlockLength} bytes, too few for its sizes.");
        byte[] sizes = new byte[length];
        entry.Read(sizes);
        var block = new BlockReader(sizes, $"'{name}'");
        int rows = block.Int32();
        if (old) RequireZero(block.Int64());
        int columns = block.Int32();
        if (old) RequireZero(block.Int64());
        int factors = block.Int32();
        if (rows < 1 || columns < 1 || factors < 1 || (long)rows * factors > Array.MaxLength || (long)columns * factors > Array.MaxLength
            || length + 4 * ((long)rows + columns) * factors != header.BlockLength)
        {
            throw new InvalidModelException(
                $"'{name}' says that it has {rows} rows and {columns} columns of {factors} factors; its block of {header.BlockLength} bytes "
                + "does not hold these: it is damaged.");
        }
        return (rows, columns, factors);

        void RequireZero(long lowest)
        {
            if (lowest != 0)
                throw new InvalidModelException(
                    $"'{name}' counts from {lowest}; only from 0 is read. Save the model anew with a version of ML.NET from 1.0 on.");
        }
    }

    private static void ReadFloats(EntryReader entry, float[] values)
    {
        // In pieces, whose bytes are fewer than an int can count.
        const int Piece = 1 << 20;
        for (int from = 0; from < values.Length; from += Piece)
        {
            Span<float> piece = values.AsSpan(from, Math.Min(Piece, values.Length - from));
            entry.Read(MemoryMarshal.AsBytes(piece));
            if (BitConverter.IsLittleEndian) continue;
            Span<int> numbers = MemoryMarshal.Cast<float, int>(piece);
            BinaryPrimitives.ReverseEndianness(numbers, numbers);
        }
    }

    private static void ReadRest(EntryReader entry, string name, ModelKeyHeader header)
    {
        long left = entry.Length - ModelKeyHeader.Bytes - header.BlockLength;
        // Nothing but the assembly's name and the tail; the block has no texts.
        if (header.TextCount > 0 || left > 4096)
            throw new InvalidModelException($"'{name}' has {left} bytes after its factors, which no factorization has: it is damaged.");
        byte[] rest = new byte[left];
        entry.Read(rest);
        entry.End();
        ModelKey.RequireTail(name, rest.AsSpan(rest.Length - 8));
    }
}
