using System.IO.Compression;
using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>Reads an entry of a zip from its beginning to its end and compares its checksum, which the runtime does not.</summary>
internal sealed class EntryReader : IDisposable
{
    private static readonly uint[] _table = Table();

    private readonly Stream _stream;
    private readonly uint _expected;
    private uint _checksum = uint.MaxValue;

    public EntryReader(string name, ZipArchiveEntry entry)
    {
        (Name, Length, _expected) = (name, entry.Length, entry.Crc32);
        _stream = entry.Open();
    }

    public string Name { get; }

    /// <summary>Bytes in all, as the zip says.</summary>
    public long Length { get; }

    /// <exception cref="InvalidModelException">It ends before, or is damaged.</exception>
    public void Read(Span<byte> bytes)
    {
        try
        {
            _stream.ReadExactly(bytes);
        }
        catch (Exception e) when (ModelEntries.IsDamage(e))
        {
            throw new InvalidModelException($"'{Name}' is damaged or cut off: {e.Message}", e);
        }
        foreach (byte b in bytes) _checksum = _table[(byte)(_checksum ^ b)] ^ (_checksum >> 8);
    }

    /// <summary>All of it.</summary>
    /// <exception cref="InvalidModelException">It is longer than an array can be, or damaged.</exception>
    public byte[] ReadAll()
    {
        if (Length > Array.MaxLength) throw new InvalidModelException($"'{Name}' is {Length} bytes long, more than a vocabulary can be.");
        byte[] bytes = new byte[Length];
        Read(bytes);
        End();
        return bytes;
    }

    /// <summary>Refuses an entry whose bytes are not those that were written.</summary>
    public void End()
    {
        if (~_checksum != _expected)
            throw new InvalidModelException(
                $"'{Name}' has the checksum {~_checksum:x8}; the zip says {_expected:x8}: it was changed or damaged.");
    }

    public void Dispose() => _stream.Dispose();

    // CRC-32 of ISO 3309, lowest bit first.
    private static uint[] Table()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint rest = i;
            for (int bit = 0; bit < 8; bit++) rest = (rest & 1) == 1 ? 0xEDB88320 ^ (rest >> 1) : rest >> 1;
            table[i] = rest;
        }
        return table;
    }
}
