using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Recommender.Factorization;

/// <summary>Sums products in 16 bits for as long as they fit, then in 32.</summary>
internal sealed unsafe class CodeKernels<TVector, TLanes> : CodeKernels
    where TVector : struct
    where TLanes : struct, ICodeLanes<TVector>
{
    // Sums of 16 bits hold so many registers: 4 x 4 x 15 x 127 is less than 2^15.
    private const int RegistersOfShortSums = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public override void Multiply(byte* rows, int count, int rowBytes, sbyte* query, int* products)
    {
        // Rows of half a register.
        if (rowBytes % TLanes.Bytes != 0) Wide256.Multiply(rows, count, rowBytes, query, products);
        else
        {
            for (int k = 0; k < count; k += 4, rows += 4 * rowBytes)
                Products(rows, rows + rowBytes, rows + 2 * rowBytes, rows + 3 * rowBytes, rowBytes, query).Store(products + k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public override Vector128<int> MultiplyFour(byte* rows, int* listed, int rowBytes, sbyte* query)
    {
        if (rowBytes % TLanes.Bytes != 0) return Wide256.MultiplyFour(rows, listed, rowBytes, query);
        return Products(rows + (nint)listed[0] * rowBytes, rows + (nint)listed[1] * rowBytes, rows + (nint)listed[2] * rowBytes,
            rows + (nint)listed[3] * rowBytes, rowBytes, query);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Products(byte* y0, byte* y1, byte* y2, byte* y3, int rowBytes, sbyte* query)
    {
        TVector a0 = default, a1 = default, a2 = default, a3 = default;
        for (int j = 0; j < rowBytes;)
        {
            TVector s0 = default, s1 = default, s2 = default, s3 = default;
            for (int end = Math.Min(rowBytes, j + RegistersOfShortSums * TLanes.Bytes); j < end; j += TLanes.Bytes)
            {
                TVector low = TLanes.Load((byte*)query + j), high = TLanes.Load((byte*)query + rowBytes + j);
                TVector b0 = TLanes.Load(y0 + j), b1 = TLanes.Load(y1 + j), b2 = TLanes.Load(y2 + j), b3 = TLanes.Load(y3 + j);
                s0 = TLanes.AddPairs(TLanes.AddPairs(s0, TLanes.Low(b0), low), TLanes.High(b0), high);
                s1 = TLanes.AddPairs(TLanes.AddPairs(s1, TLanes.Low(b1), low), TLanes.High(b1), high);
                s2 = TLanes.AddPairs(TLanes.AddPairs(s2, TLanes.Low(b2), low), TLanes.High(b2), high);
                s3 = TLanes.AddPairs(TLanes.AddPairs(s3, TLanes.Low(b3), low), TLanes.High(b3), high);
            }
            a0 = TLanes.AddSums(a0, s0);
            a1 = TLanes.AddSums(a1, s1);
            a2 = TLanes.AddSums(a2, s2);
            a3 = TLanes.AddSums(a3, s3);
        }
        return TLanes.Totals(a0, a1, a2, a3);
    }
}
