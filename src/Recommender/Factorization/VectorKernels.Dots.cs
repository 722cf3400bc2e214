using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Recommender.Factorization;

/// <summary>Products of rows and a vector.</summary>
internal sealed unsafe partial class VectorKernels<TVector, TLanes>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public override void Score(float* rows, int count, int stride, float* x, float* scores)
    {
        for (int k = 0; k < count; k += 4, rows += 4 * stride)
            Dots(rows, rows + stride, rows + 2 * stride, rows + 3 * stride, stride, x).Store(scores + k);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public override void ScoreListed(float* rows, int* listed, int count, int stride, float* x, float* scores)
    {
        for (int k = 0; k < count; k += 4, listed += 4)
        {
            Dots(rows + (nint)listed[0] * stride, rows + (nint)listed[1] * stride, rows + (nint)listed[2] * stride, rows + (nint)listed[3] * stride,
                stride, x).Store(scores + k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Dots(float* y0, float* y1, float* y2, float* y3, int columns, float* x)
    {
        TVector a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        for (int j = 0; j < columns; j += 2 * Width)
        {
            TVector left = TLanes.Load(x + j), right = TLanes.Load(x + j + Width);
            a0 = TLanes.MultiplyAdd(TLanes.Load(y0 + j), left, a0);
            b0 = TLanes.MultiplyAdd(TLanes.Load(y0 + j + Width), right, b0);
            a1 = TLanes.MultiplyAdd(TLanes.Load(y1 + j), left, a1);
            b1 = TLanes.MultiplyAdd(TLanes.Load(y1 + j + Width), right, b1);
            a2 = TLanes.MultiplyAdd(TLanes.Load(y2 + j), left, a2);
            b2 = TLanes.MultiplyAdd(TLanes.Load(y2 + j + Width), right, b2);
            a3 = TLanes.MultiplyAdd(TLanes.Load(y3 + j), left, a3);
            b3 = TLanes.MultiplyAdd(TLanes.Load(y3 + j + Width), right, b3);
        }
        return TLanes.Sums(TLanes.Add(a0, b0), TLanes.Add(a1, b1), TLanes.Add(a2, b2), TLanes.Add(a3, b3));
    }
}
