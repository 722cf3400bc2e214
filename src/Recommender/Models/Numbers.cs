using System.Runtime.CompilerServices;

namespace Recommender.Models;

/// <summary>
/// Numbers of a model: an array, or a part of a mapped file that is used in place. Whoever uses their pointer or a span of them keeps
/// <see cref="Owner"/> reachable until then.
/// </summary>
internal readonly unsafe struct Numbers<T> where T : unmanaged
{
    private readonly T[]? _array;

    public Numbers(T[] array) => (_array, Count, Owner) = (array, array.Length, array);

    /// <param name="owner">As long as it is reachable, the memory is there.</param>
    public Numbers(object owner, T* start, long count)
    {
        (Owner, Count) = (owner, count);
        Start = start;
    }

    public object Owner { get; }

    public long Count { get; }

    /// <summary>Where they are in memory that stands still; null for an array.</summary>
    public T* Start { get; }

    public T this[long at]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)at, (ulong)Count, nameof(at));
            return _array is null ? Start[at] : _array[at];
        }
    }

    public bool IsMapped => _array is null;

    /// <summary>All of them.</summary>
    /// <exception cref="OverflowException">They are more than one span can have.</exception>
    public ReadOnlySpan<T> Span => Slice(0, checked((int)Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<T> Slice(long from, int length)
    {
        if (_array is not null) return _array.AsSpan((int)from, length);
        if ((ulong)from + (uint)length > (ulong)Count) throw new ArgumentOutOfRangeException(nameof(from), from, $"There are {Count} numbers.");
        return new ReadOnlySpan<T>(Start + from, length);
    }

    public static implicit operator Numbers<T>(T[] array) => new(array);
}
