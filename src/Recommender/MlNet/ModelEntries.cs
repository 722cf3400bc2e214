using System.IO.Compression;
using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>The entries of a saved model's zip by their names, with slashes whichever system wrote them.</summary>
internal sealed class ModelEntries : IDisposable
{
    /// <summary>No deflated byte says more than this many.</summary>
    private const int MostDeflated = 1032;

    private readonly ZipArchive _zip;
    private readonly long _length;
    private readonly long _availableBytes;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    // What was opened says that it is so long, all together.
    private long _claimed;

    /// <param name="zip">Seekable; left open.</param>
    /// <param name="availableBytes">Of memory: entries that claim more are not read.</param>
    /// <exception cref="InvalidModelException">Not a zip, or two entries of one name.</exception>
    public ModelEntries(Stream zip, long availableBytes)
    {
        (_length, _availableBytes) = (zip.Length, availableBytes);
        try
        {
            _zip = new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true);
            foreach (ZipArchiveEntry entry in _zip.Entries)
            {
                string name = entry.FullName.Replace('\\', '/');
                if (!_entries.TryAdd(name, entry)) throw new InvalidModelException($"The zip has two entries '{name}'.");
            }
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new InvalidModelException($"This is no zip, or a damaged one: {e.Message} A model saved by ML.NET (Model.Save) is expected.", e);
        }
    }

    public IEnumerable<string> Names => _entries.Keys;

    public bool Has(string name) => _entries.ContainsKey(name);

    /// <exception cref="InvalidModelException">It is not there, cannot be as long as it says, or is longer than the memory.</exception>
    public EntryReader Open(string name)
    {
        if (!_entries.TryGetValue(name, out ZipArchiveEntry? entry)) throw new InvalidModelException($"The zip has no entry '{name}', which a model saved by ML.NET has.");
        // Before anything of that length is allocated.
        if (entry.CompressedLength > _length || entry.Length > Math.Max(entry.CompressedLength, 1) * MostDeflated)
            throw new InvalidModelException($"'{name}' says that it is {entry.Length} bytes long, deflated {entry.CompressedLength}; the zip has {_length}.");
        // A small zip of zeros may still claim a thousand times its length.
        _claimed += entry.Length;
        if (_claimed > _availableBytes)
        {
            throw new InvalidModelException($"With '{name}', {entry.Length} bytes long, {_claimed} bytes of the model would be in memory; there are {_availableBytes}. "
                + "Import it on a machine with more memory.");
        }
        try
        {
            return new EntryReader(name, entry);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new InvalidModelException($"'{name}' cannot be read: {e.Message}", e);
        }
    }

    public void Dispose() => _zip.Dispose();

    /// <summary>What a zip that is not as it should be is answered with.</summary>
    internal static bool IsDamage(Exception e) => e is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException or OverflowException
        || (e is IOException && e is not FileNotFoundException);
}
