using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Recommender.Factorization;

/// <summary>
/// A dense matrix of floats, one factor vector a row. Rows start on cache lines: each takes <see cref="Stride"/> floats, the factors
/// and then zeros. Zero rows follow the last one, so that kernels may work in blocks of <see cref="RowBlock"/>.
/// </summary>
/// <remarks>
/// Its memory is its own, or a part of a mapped file that is used in place and is only read. A mapped one takes its file's memory along
/// when it is collected: whoever uses a pointer or a span of it keeps it reachable until then (what a scorer works on, it holds).
/// </remarks>
public sealed unsafe class FactorMatrix
{
    /// <summary>Strides are a multiple of this: two of the widest vector registers.</summary>
    internal const int StrideStep = 32;

    /// <summary>The memory holds a multiple of this many rows, that of a <see cref="Vector"/> one.</summary>
    internal const int RowBlock = 64;

    internal const int CacheLine = 64;

    // On the pinned heap: it never moves, so a pointer into it is good for as long as this object is reachable. Null in a mapped matrix.
    private readonly float[]? _own;
    private readonly int _first;

    // With those that follow the last one.
    private readonly long _memoryRows;

    // What keeps the mapping.
    private readonly object? _mapping;

    /// <summary>A matrix of zeros.</summary>
    /// <exception cref="ArgumentException">It would hold more than 2^31 floats.</exception>
    public FactorMatrix(int rows, int factors) : this(rows, factors, PaddedRows(rows)) { }

    private FactorMatrix(int rows, int factors, long memoryRows) : this(rows, factors, memoryRows, (uint)CacheLine / sizeof(float))
    {
        float[] memory = GC.AllocateArray<float>((int)(memoryRows * Stride + CacheLine / sizeof(float)), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory));
        _first = (int)((CacheLine - address % CacheLine) % CacheLine / sizeof(float));
        _own = memory;
        Start = (float*)address + _first;
    }

    /// <summary>A matrix in memory that is there already; it is only read.</summary>
    /// <param name="memory">
    /// Starts on a cache line; whole blocks of rows, without padding within them, which <see cref="FitsInPlace"/>.
    /// </param>
    internal FactorMatrix(int rows, int factors, Models.Numbers<float> memory) : this(rows, factors, PaddedRows(rows), 0)
    {
        if (!FitsInPlace(rows, factors, memory))
            throw new ArgumentException($"{memory.Count} numbers cannot be used as {rows} rows of {factors} factors where they are.",
                nameof(memory));
        _mapping = memory.Owner;
        Start = memory.Start;
    }

    private FactorMatrix(int rows, int factors, long memoryRows, uint slack)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factors);
        (Rows, Factors, Stride, _memoryRows) = (rows, factors, StrideFor(factors), memoryRows);
        if (memoryRows * Stride + slack > Array.MaxLength)
            throw new ArgumentException($"{rows} rows of {factors} factors are more than one matrix can hold.", nameof(rows));
    }

    /// <summary>One row of zeros, for kernels that take a vector beside a matrix, not for those that work in blocks of rows.</summary>
    internal static FactorMatrix Vector(int factors) => new(1, factors, memoryRows: 1);

    public int Rows { get; }

    /// <summary>Length of each factor vector.</summary>
    public int Factors { get; }

    /// <summary>Floats from the start of one row to the start of the next.</summary>
    internal int Stride { get; }

    /// <summary>Whether its memory is that of a mapped file.</summary>
    internal bool IsMapped => _mapping is not null;

    /// <summary>The first float of row 0. The caller keeps this object reachable while it uses the pointer.</summary>
    internal float* Start { get; }

    public ReadOnlySpan<float> Row(int row) => PaddedRow(row)[..Factors];

    /// <summary>A row with the zeros up to its stride.</summary>
    internal ReadOnlySpan<float> PaddedRow(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        return Span((long)row * Stride, Stride);
    }

    internal Span<float> MutableRow(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        if (IsMapped) throw new InvalidOperationException("The matrix lies in a file and is only read.");
        return Span((long)row * Stride, Factors);
    }

    /// <summary>All rows with their padding. Those of a mapped one are only read: its memory is protected.</summary>
    internal Span<float> Padded => Span(0, (int)(_memoryRows * Stride));

    internal static int StrideFor(int factors) => (factors + StrideStep - 1) / StrideStep * StrideStep;

    internal static long PaddedRows(long rows) => (rows + RowBlock - 1) / RowBlock * RowBlock;

    /// <summary>Whether numbers are laid out as a matrix of this size needs them.</summary>
    internal static bool FitsInPlace(long rows, int factors, Models.Numbers<float> memory) =>
        memory.Start != null && (nuint)memory.Start % CacheLine == 0
        && StrideFor(factors) == factors && memory.Count == PaddedRows(rows) * factors;

    // A span of an array keeps it alive even where nobody holds this object any more.
    private Span<float> Span(long from, int length) =>
        _own is not null ? _own.AsSpan((int)(_first + from), length) : new Span<float>(Start + from, length);
}
