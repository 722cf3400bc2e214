using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Recommender.Factorization;

/// <summary>
/// A dense matrix of floats, one factor vector a row. Rows start on cache lines: each takes <see cref="Stride"/> floats, the factors
/// and then zeros. Zero rows follow the last one, so that kernels may work in blocks of <see cref="RowBlock"/>.
/// </summary>
public sealed unsafe class FactorMatrix
{
    /// <summary>Strides are a multiple of this: two of the widest vector registers.</summary>
    internal const int StrideStep = 32;

    /// <summary>The memory holds a multiple of this many rows.</summary>
    internal const int RowBlock = 64;

    private const int CacheLine = 64;

    // On the pinned heap: it never moves, so a pointer into it is good for as long as this object is reachable.
    private readonly float[] _memory;
    private readonly int _first;

    /// <summary>A matrix of zeros.</summary>
    /// <exception cref="ArgumentException">It would hold more than 2^31 floats.</exception>
    public FactorMatrix(int rows, int factors)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factors);
        (Rows, Factors, Stride) = (rows, factors, StrideFor(factors));
        long floats = PaddedRows(rows) * Stride + CacheLine / sizeof(float);
        if (floats > Array.MaxLength) throw new ArgumentException($"{rows} rows of {factors} factors are more than one matrix can hold.", nameof(rows));
        _memory = GC.AllocateArray<float>((int)floats, pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        _first = (int)((CacheLine - address % CacheLine) % CacheLine / sizeof(float));
    }

    public int Rows { get; }

    /// <summary>Length of each factor vector.</summary>
    public int Factors { get; }

    /// <summary>Floats from the start of one row to the start of the next.</summary>
    internal int Stride { get; }

    /// <summary>The first float of row 0. The caller keeps this object reachable while it uses the pointer.</summary>
    internal float* Start => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory)) + _first;

    public ReadOnlySpan<float> Row(int row) => MutableRow(row);

    internal Span<float> MutableRow(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        return _memory.AsSpan((int)(_first + (long)row * Stride), Factors);
    }

    /// <summary>All rows with their padding.</summary>
    internal Span<float> Padded => _memory.AsSpan(_first, (int)(PaddedRows(Rows) * Stride));

    internal static int StrideFor(int factors) => (factors + StrideStep - 1) / StrideStep * StrideStep;

    internal static long PaddedRows(long rows) => (rows + RowBlock - 1) / RowBlock * RowBlock;
}
