using System.Runtime.CompilerServices;

namespace Recommender.Factorization;

/// <summary>Triangular systems with many right-hand sides, which stand next to each other in a register.</summary>
internal sealed unsafe partial class VectorKernels<TVector, TLanes>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SolveSides(float* triangle, int size, int stride, float* sides, int count)
    {
        for (int side = 0; side < count; side += Width)
        {
            float* b = sides + side;
            for (int i = 0; i < size; i++) SolveSide(triangle + i, stride, b, i, b + i * Sides, triangle[(nint)i * stride + i]);
            for (int i = size - 1; i >= 0; i--)
            {
                float* row = triangle + (nint)i * stride;
                SolveSide(row + i + 1, 1, b + (i + 1) * Sides, size - i - 1, b + i * Sides, row[i]);
            }
        }
    }

    // b = (b - sum over k of factor_k solved_k) / diagonal, the factors being so many floats apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SolveSide(float* factors, int apart, float* solved, int count, float* b, float diagonal)
    {
        // Four chains, so that additions do not wait for each other.
        TVector s0 = default, s1 = default, s2 = default, s3 = default;
        int k = 0;
        for (; k + 4 <= count; k += 4, factors += 4 * (nint)apart, solved += 4 * Sides)
        {
            s0 = TLanes.MultiplyAdd(TLanes.Broadcast(factors[0]), TLanes.Load(solved), s0);
            s1 = TLanes.MultiplyAdd(TLanes.Broadcast(factors[apart]), TLanes.Load(solved + Sides), s1);
            s2 = TLanes.MultiplyAdd(TLanes.Broadcast(factors[2 * (nint)apart]), TLanes.Load(solved + 2 * Sides), s2);
            s3 = TLanes.MultiplyAdd(TLanes.Broadcast(factors[3 * (nint)apart]), TLanes.Load(solved + 3 * Sides), s3);
        }
        for (; k < count; k++, factors += apart, solved += Sides) s0 = TLanes.MultiplyAdd(TLanes.Broadcast(*factors), TLanes.Load(solved), s0);
        TVector sum = TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3)), rest = TLanes.MultiplyAdd(sum, TLanes.Broadcast(-1), TLanes.Load(b));
        TLanes.Store(TLanes.MultiplyAdd(rest, TLanes.Broadcast(1 / diagonal), default), b);
    }
}
