using System.Collections.Immutable;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Recommender.Models;

namespace Recommender.Storage;

/// <summary>
/// The files of one model, mapped into memory to be read and, in part, to be used where they are for as long as the model is. A mapping outlives its
/// file's name, not its length: a file that is cut off or written while it is mapped ends the process. So model files are never written twice;
/// a new model is a new folder, and an old one is removed, not emptied.
/// </summary>
internal sealed class MappedFiles
{
    private readonly Dictionary<string, (SafeBuffer? Memory, long Length)> _files = new(StringComparer.Ordinal);

    /// <summary>
    /// Maps a file; before its memory is read, see whether it holds: what the disk does not give back is nearly always an error there,
    /// and else the end of the process.
    /// </summary>
    /// <exception cref="IOException">It cannot be mapped.</exception>
    public void Add(string name, FileStream file)
    {
        // Nothing cannot be mapped.
        if (file.Length == 0)
        {
            _files[name] = (null, 0);
            return;
        }
        using var mapping = MemoryMappedFile.CreateFromFile(
            file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        // The view stays when the file is closed; its handle is all that keeps it, and lets it go when the last part of the model is gone.
        _files[name] = (mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read).SafeMemoryMappedViewHandle, file.Length);
    }

    /// <summary>Whether a file that was mapped is what its checks say (<see cref="PieceChecks"/>).</summary>
    /// <exception cref="IOException">The disk does not give it back.</exception>
    public unsafe bool Hold(string name, FileStream file, ImmutableArray<uint> pieces)
    {
        var (memory, length) = _files[name];
        if (RandomAccess.GetLength(file.SafeFileHandle) != length) return false;
        if (memory is null) return pieces.IsEmpty;
        byte* start = null;
        memory.AcquirePointer(ref start);
        try { return PieceChecks.Hold(file.SafeFileHandle, start, length, pieces); }
        finally { memory.ReleasePointer(); }
    }

    public Stream Open(string name) => _files.TryGetValue(name, out var file)
        ? file.Memory is null ? Stream.Null : new MappedStream(file.Memory, file.Length)
        : throw new InvalidModelException($"The card has no '{name}'.");

    /// <summary>Lets go of all of them at once: of a model that was refused, so that its files can be removed everywhere.</summary>
    public void Release()
    {
        foreach (var (memory, _) in _files.Values) memory?.Dispose();
    }
}
