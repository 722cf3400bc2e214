using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recommender.Factorization;

/// <summary>
/// For rows of 128 codes, which fill one register of 512 bits: the query stays in two, and sums of 16 bits hold four rows' products until they
/// are widened together. Other rows it leaves to <see cref="CodeLanes512"/>.
/// </summary>
internal sealed unsafe class RegisterCodeKernels : CodeKernels
{
    private const int Together = 16;

    private static readonly CodeKernels _others = new CodeKernels<Vector512<byte>, CodeLanes512>();

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public override void Multiply(byte* rows, int count, int rowBytes, sbyte* query, int* products)
    {
        if (rowBytes != sizeof(Vector512<byte>) || count % Together != 0)
        {
            _others.Multiply(rows, count, rowBytes, query, products);
            return;
        }
        Vector512<sbyte> low = Vector512.Load(query), high = Vector512.Load(query + rowBytes);
        for (int k = 0; k < count; k += Together, rows += Together * rowBytes)
        {
            Vector512<int> a = Four(rows, rows + 64, rows + 128, rows + 192, low, high);
            Vector512<int> b = Four(rows + 256, rows + 320, rows + 384, rows + 448, low, high);
            Vector512<int> c = Four(rows + 512, rows + 576, rows + 640, rows + 704, low, high);
            Vector512<int> d = Four(rows + 768, rows + 832, rows + 896, rows + 960, low, high);
            // Quarters 0 and 1 of the first with those of the second, and the quarters 2 and 3.
            Vector512<int> ab = Avx512F.Shuffle4x128(a, b, 0x44) + Avx512F.Shuffle4x128(a, b, 0xEE);
            Vector512<int> cd = Avx512F.Shuffle4x128(c, d, 0x44) + Avx512F.Shuffle4x128(c, d, 0xEE);
            // Their even quarters, and their odd ones.
            (Avx512F.Shuffle4x128(ab, cd, 0x88) + Avx512F.Shuffle4x128(ab, cd, 0xDD)).Store(products + k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public override Vector128<int> MultiplyFour(byte* rows, int* listed, int rowBytes, sbyte* query)
    {
        if (rowBytes != sizeof(Vector512<byte>)) return _others.MultiplyFour(rows, listed, rowBytes, query);
        Vector512<int> sums = Four(rows + (nint)listed[0] * 64, rows + (nint)listed[1] * 64, rows + (nint)listed[2] * 64,
            rows + (nint)listed[3] * 64, Vector512.Load(query), Vector512.Load(query + rowBytes));
        Vector256<int> half = sums.GetLower() + sums.GetUpper();
        return half.GetLower() + half.GetUpper();
    }

    // In every quarter a sum of each row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Four(byte* y0, byte* y1, byte* y2, byte* y3, Vector512<sbyte> low, Vector512<sbyte> high)
    {
        Vector512<int> a = Sums(y0, low, high), b = Sums(y1, low, high), c = Sums(y2, low, high), d = Sums(y3, low, high);
        // Neighbours of 16 bits stay together: 4 x 4 x 15 x 127 is less than 2^15.
        Vector512<long> ab = (Avx512F.UnpackLow(a, b).AsInt16() + Avx512F.UnpackHigh(a, b).AsInt16()).AsInt64();
        Vector512<long> cd = (Avx512F.UnpackLow(c, d).AsInt16() + Avx512F.UnpackHigh(c, d).AsInt16()).AsInt64();
        Vector512<short> all = Avx512F.UnpackLow(ab, cd).AsInt16() + Avx512F.UnpackHigh(ab, cd).AsInt16();
        return Avx512BW.MultiplyAddAdjacent(all, Vector512<short>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Sums(byte* row, Vector512<sbyte> low, Vector512<sbyte> high)
    {
        Vector512<byte> bytes = Vector512.Load(row), lowHalf = Vector512.Create((byte)0x0F);
        return (Avx512BW.MultiplyAddAdjacent(bytes & lowHalf, low)
            + Avx512BW.MultiplyAddAdjacent((bytes.AsUInt16() >>> 4).AsByte() & lowHalf, high)).AsInt32();
    }
}
