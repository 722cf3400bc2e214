using System.Runtime.InteropServices;

namespace Recommender.Models;

/// <summary>
/// A file that is mapped into memory. What is read from it may be copied, as from any stream, or used in place: the mapping is there until
/// nothing refers to it any more, whether the stream is closed or not. The file must not be changed or cut off as long.
/// </summary>
public sealed unsafe class MappedStream : UnmanagedMemoryStream
{
    private readonly SafeBuffer _memory;
    private readonly byte* _start;

    /// <param name="memory">The mapping, from the file's first byte.</param>
    /// <param name="length">The file's length: a mapping ends with a page.</param>
    public MappedStream(SafeBuffer memory, long length) : base(memory, 0, length, FileAccess.Read)
    {
        _memory = memory;
        // Where it is does not change; it is let go again, for what is held on to is never unmapped.
        byte* start = null;
        memory.AcquirePointer(ref start);
        memory.ReleasePointer();
        _start = start;
    }

    /// <summary>The numbers from a place in the file on, where they are.</summary>
    internal Numbers<T> Numbers<T>(long from, long count) where T : unmanaged
    {
        if (from < 0 || count < 0 || count > (Length - from) / sizeof(T)) throw new ArgumentOutOfRangeException(nameof(from), from, $"The file has {Length} bytes.");
        return new Numbers<T>(_memory, (T*)(_start + from), count);
    }
}
