using System.Buffers.Binary;
using System.Text;
using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>
/// The first 256 bytes of a <c>Model.key</c>: what the block after them is, and where its texts lie. The parts follow each other without
/// gaps: block, ends of the texts, texts, assembly name, tail.
/// </summary>
internal sealed record ModelKeyHeader(string Signature, uint Written, uint Readable, string Loader, long BlockLength, int TextCount, long TextBytes)
{
    public const int Bytes = 0x100;
    public const ulong FileSignature = 0x4C45444F4D004C4D;
    public const ulong TailSignature = 0x4D4C004D4F44454C;
    public const uint Container = 0x00010002;

    /// <summary>Of files from before version 0.6, which have no assembly names.</summary>
    public const uint OldestContainer = 0x00010001;

    /// <param name="name">Of the entry, for errors.</param>
    /// <param name="header">Its first <see cref="Bytes"/>.</param>
    /// <param name="length">Of the whole entry.</param>
    /// <exception cref="InvalidModelException">Not such a file, or its sizes contradict each other.</exception>
    public static ModelKeyHeader Parse(string name, ReadOnlySpan<byte> header, long length)
    {
        if (Number(header, 0) != unchecked((long)FileSignature)) throw new InvalidModelException($"'{name}' does not begin as ML.NET's files do.");
        uint written = BinaryPrimitives.ReadUInt32LittleEndian(header[0x08..]), readable = BinaryPrimitives.ReadUInt32LittleEndian(header[0x0C..]);
        if (written < OldestContainer || readable > Container)
            throw new InvalidModelException(
                $"'{name}' has the container version {written:x8}, readable from {readable:x8} on; this version reads {OldestContainer:x8} to {Container:x8}.");
        // Every part's place follows from the lengths of those before it; a part of no length says 0 or where it would be.
        long end = Bytes;
        long block = Next("model block", Number(header, 0x10), Number(header, 0x18));
        long ends = Next("string table", Number(header, 0x20), Number(header, 0x28));
        long texts = Next("strings", Number(header, 0x30), Number(header, 0x38));
        if (written > OldestContainer) Next("assembly name", Number(header, 0x90), BinaryPrimitives.ReadUInt32LittleEndian(header[0x98..]));
        if (ends % 8 != 0) throw Misfit("string table", ends);
        if (texts % 2 != 0) throw Misfit("strings", texts);
        (long tail, long limit) = (Number(header, 0x80), Number(header, 0x88));
        if (tail != end || limit != end + 8 || limit != length)
            throw new InvalidModelException(
                $"'{name}' ends at {limit} by its header, at {end + 8} by its parts, and has {length} bytes: it is cut off or damaged.");
        return new ModelKeyHeader(Ascii(header[0x40..0x48]), BinaryPrimitives.ReadUInt32LittleEndian(header[0x48..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[0x4C..]), Ascii(header[0x50..0x68]), block, (int)(ends / 8), texts);

        long Next(string part, long from, long bytes)
        {
            if (bytes < 0 || bytes > length || (from != end && !(bytes == 0 && from == 0))) throw Misfit(part, bytes);
            end += bytes;
            return end <= length ? bytes : throw Misfit(part, bytes);
        }

        InvalidModelException Misfit(string part, long bytes) =>
            new($"'{name}' says that its {part} takes {bytes} bytes, which does not fit its {length} bytes: it is damaged.");
    }

    /// <summary>Refuses a block of another kind or version.</summary>
    /// <param name="where">Its entry.</param>
    /// <param name="signature">What it must be.</param>
    /// <param name="oldest">The oldest version that can be read.</param>
    /// <param name="newest">The newest.</param>
    public void Require(string where, string signature, uint oldest, uint newest)
    {
        if (Signature != signature) throw new InvalidModelException($"'{where}' holds a '{Signature}' (loaded by {Loader}) where '{signature}' is expected.");
        if (Written < oldest || Readable > newest)
            throw new InvalidModelException(
                $"'{where}' is of version {Written:x8}, readable from {Readable:x8} on; this version reads {oldest:x8} to {newest:x8}.");
    }

    private static long Number(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadInt64LittleEndian(header[at..]);

    // A space in a model's signature is written as 0; zeros at the end are padding.
    private static string Ascii(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes.TrimEnd((byte)0)).Replace('\0', ' ');
}
