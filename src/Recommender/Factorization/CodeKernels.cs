using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recommender.Factorization;

/// <summary>
/// Products of small whole numbers: rows of codes of four bits by a query's of eight. They are exact, so every kernel gives the same.
/// </summary>
/// <remarks>
/// A row is of 2 x n codes, n bytes: the low half of byte j is the code of column j, the high half that of column n + j. So one byte-wise
/// product serves a register of codes, whatever its width, and an item alone is read without its neighbours.
/// </remarks>
internal abstract unsafe class CodeKernels
{
    /// <summary>Rows take a multiple of so many bytes.</summary>
    public const int RowBytes = 32;

    /// <summary>Codes of items are 0 to this.</summary>
    public const int GreatestCode = 15;

    /// <summary>Codes of a query are at most this far from 0.</summary>
    public const int GreatestQueryCode = 127;

    public static CodeKernels Wide512 { get; } = new RegisterCodeKernels();

    public static CodeKernels Wide256 { get; } = new CodeKernels<Vector256<byte>, CodeLanes256>();

    /// <summary>Needs no instruction set.</summary>
    public static CodeKernels Wide128 { get; } = new CodeKernels<Vector128<byte>, CodeLanes128>();

    public static CodeKernels Vnni256 { get; } = new CodeKernels<Vector256<byte>, CodeLanesVnni>();

    /// <summary>The fastest that this machine has.</summary>
    public static CodeKernels Best { get; } = Supported[0];

    /// <summary>All that this machine can run, the fastest first.</summary>
    public static CodeKernels[] Supported =>
    [
        .. Avx512BW.IsSupported ? [Wide512] : Array.Empty<CodeKernels>(),
        .. AvxVnni.IsSupported ? [Vnni256] : Array.Empty<CodeKernels>(),
        .. Avx2.IsSupported ? [Wide256] : Array.Empty<CodeKernels>(),
        Wide128,
    ];

    /// <summary>products[k] = sum over the columns of row k's code by the query's.</summary>
    /// <param name="rows">That follow each other.</param>
    /// <param name="count">How many; a multiple of 4.</param>
    /// <param name="rowBytes">A multiple of <see cref="RowBytes"/>.</param>
    /// <param name="query">One a column, two a byte of a row.</param>
    /// <param name="products">One a row.</param>
    public abstract void Multiply(byte* rows, int count, int rowBytes, sbyte* query, int* products);

    /// <summary>The same of four rows anywhere among others.</summary>
    public abstract Vector128<int> MultiplyFour(byte* rows, int* listed, int rowBytes, sbyte* query);
}
