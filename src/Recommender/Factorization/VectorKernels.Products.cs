using System.Runtime.CompilerServices;

namespace Recommender.Factorization;

/// <summary>Dense products: rows by a square, and Gramians.</summary>
internal sealed unsafe partial class VectorKernels<TVector, TLanes> : VectorKernels
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private static int Width => TLanes.Width;

    public override void MultiplyBlock(float* rows, int count, float* square, int stride, float* result)
    {
        // Column strips outside: a strip of the square stays in the first cache while all rows pass it.
        for (int column = 0; column < stride; column += 2 * Width)
        {
            for (int row = 0; row < count; row += BlockRows)
                MultiplyTile(rows + (nint)row * stride, square + column, stride, stride, result + (nint)row * stride + column);
        }
    }

    public override void MultiplyStrips(float* rows, int count, float* strips, int stride, int from, int to, float* result)
    {
        for (int column = from; column < to; column += 2 * Width)
        {
            float* strip = strips + (nint)(column & -FactorMatrix.StrideStep) * stride + column % FactorMatrix.StrideStep;
            for (int row = 0; row < count; row += BlockRows)
                MultiplyTile(rows + (nint)row * stride, strip, FactorMatrix.StrideStep, stride, result + (nint)row * stride + column);
        }
    }

    // Twelve sums stay in registers: six rows by two vectors of columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTile(float* x, float* square, int squareStride, int stride, float* result)
    {
        TVector a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default;
        TVector a3 = default, b3 = default, a4 = default, b4 = default, a5 = default, b5 = default;
        float* x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride, x5 = x4 + stride;
        for (int j = 0; j < stride; j++, square += squareStride)
        {
            TVector left = TLanes.Load(square), right = TLanes.Load(square + Width);
            TVector v = TLanes.Broadcast(x[j]);
            a0 = TLanes.MultiplyAdd(left, v, a0);
            b0 = TLanes.MultiplyAdd(right, v, b0);
            v = TLanes.Broadcast(x1[j]);
            a1 = TLanes.MultiplyAdd(left, v, a1);
            b1 = TLanes.MultiplyAdd(right, v, b1);
            v = TLanes.Broadcast(x2[j]);
            a2 = TLanes.MultiplyAdd(left, v, a2);
            b2 = TLanes.MultiplyAdd(right, v, b2);
            v = TLanes.Broadcast(x3[j]);
            a3 = TLanes.MultiplyAdd(left, v, a3);
            b3 = TLanes.MultiplyAdd(right, v, b3);
            v = TLanes.Broadcast(x4[j]);
            a4 = TLanes.MultiplyAdd(left, v, a4);
            b4 = TLanes.MultiplyAdd(right, v, b4);
            v = TLanes.Broadcast(x5[j]);
            a5 = TLanes.MultiplyAdd(left, v, a5);
            b5 = TLanes.MultiplyAdd(right, v, b5);
        }
        StorePair(a0, b0, result);
        StorePair(a1, b1, result + stride);
        StorePair(a2, b2, result + 2 * stride);
        StorePair(a3, b3, result + 3 * stride);
        StorePair(a4, b4, result + 4 * stride);
        StorePair(a5, b5, result + 5 * stride);
    }

    public override void AddGramian(float* rows, int count, int stride, int columns, float* gramian, int gramianStride)
    {
        // Few enough rows at a time to stay in the second cache while every tile reads them.
        int chunk = Math.Max(16, 128 * 1024 / (columns * sizeof(float)));
        for (int first = 0; first < count; first += chunk)
        {
            float* from = rows + (nint)first * stride;
            int length = Math.Min(chunk, count - first);
            for (int column = 0; column < columns; column += 2 * Width)
            {
                for (int row = 0; row < column + 2 * Width; row += 4)
                    GramianTile(from + row, from + column, length, stride, gramian + (nint)row * gramianStride + column, gramianStride);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GramianTile(float* x, float* y, int count, int stride, float* gramian, int gramianStride)
    {
        TVector a0 = TLanes.Load(gramian), b0 = TLanes.Load(gramian + Width);
        TVector a1 = TLanes.Load(gramian + gramianStride), b1 = TLanes.Load(gramian + gramianStride + Width);
        TVector a2 = TLanes.Load(gramian + 2 * gramianStride), b2 = TLanes.Load(gramian + 2 * gramianStride + Width);
        TVector a3 = TLanes.Load(gramian + 3 * gramianStride), b3 = TLanes.Load(gramian + 3 * gramianStride + Width);
        for (int k = 0; k < count; k++, x += stride, y += stride)
        {
            TVector left = TLanes.Load(y), right = TLanes.Load(y + Width);
            TVector v = TLanes.Broadcast(x[0]);
            a0 = TLanes.MultiplyAdd(left, v, a0);
            b0 = TLanes.MultiplyAdd(right, v, b0);
            v = TLanes.Broadcast(x[1]);
            a1 = TLanes.MultiplyAdd(left, v, a1);
            b1 = TLanes.MultiplyAdd(right, v, b1);
            v = TLanes.Broadcast(x[2]);
            a2 = TLanes.MultiplyAdd(left, v, a2);
            b2 = TLanes.MultiplyAdd(right, v, b2);
            v = TLanes.Broadcast(x[3]);
            a3 = TLanes.MultiplyAdd(left, v, a3);
            b3 = TLanes.MultiplyAdd(right, v, b3);
        }
        StorePair(a0, b0, gramian);
        StorePair(a1, b1, gramian + gramianStride);
        StorePair(a2, b2, gramian + 2 * gramianStride);
        StorePair(a3, b3, gramian + 3 * gramianStride);
    }

    private static void StorePair(TVector left, TVector right, float* to)
    {
        TLanes.Store(left, to);
        TLanes.Store(right, to + Width);
    }
}
