using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recommender.Factorization;

/// <summary>
/// Products of small whole numbers: codes of four bits of <see cref="PartItems"/> items at a time by a query's of eight. They are exact, so
/// every kernel gives the same.
/// </summary>
/// <remarks>
/// A part goes in steps of eight columns: <see cref="StepBytes"/> bytes, four an item. The low half of an item's byte j is its code of
/// the step's column j, the high half that of column j + 4. So one byte-wise product of a register and four codes of the query, repeated,
/// serves as many items as the register has groups of four bytes.
/// </remarks>
internal abstract unsafe class CodeKernels
{
    public const int PartItems = 16;

    public const int StepColumns = 8;

    public const int StepBytes = PartItems * StepColumns / 2;

    /// <summary>Codes of items are 0 to this.</summary>
    public const int GreatestCode = 15;

    /// <summary>Codes of a query are at most this far from 0.</summary>
    public const int GreatestQueryCode = 127;

    // Sums of 16 bits hold so many steps: 4 x 4 x 15 x 127 is less than 2^15. Strides of factors are a multiple of as many columns.
    private protected const int StepsOfShortSums = 4;

    public static CodeKernels Wide512 { get; } = new CodeKernels<Vector512<byte>, CodeLanes512>();

    public static CodeKernels Wide256 { get; } = new CodeKernels<Vector256<byte>, CodeLanes256>();

    /// <summary>Needs no instruction set.</summary>
    public static CodeKernels Wide128 { get; } = new CodeKernels<Vector128<byte>, CodeLanes128>();

    public static CodeKernels Vnni256 { get; } = new VnniCodeKernels();

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

    /// <summary>products[k] = sum over the columns of item k's code by the query's.</summary>
    /// <param name="codes">Of parts that follow each other.</param>
    /// <param name="parts">How many.</param>
    /// <param name="steps">In a part; a multiple of 4.</param>
    /// <param name="query">One a column.</param>
    /// <param name="products">One an item.</param>
    public abstract void Multiply(byte* codes, int parts, int steps, sbyte* query, int* products);
}
