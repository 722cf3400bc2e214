using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Recommender.Factorization;

/// <summary>
/// The inner loops of training and scoring at one register width. All pointers are to memory of a <see cref="FactorMatrix"/>:
/// strides are multiples of <see cref="FactorMatrix.StrideStep"/> and the padding is zero. Widths differ in the last bits of
/// their sums; one width always gives the same bytes.
/// </summary>
internal abstract unsafe class VectorKernels
{
    /// <summary>Rows that <see cref="MultiplyBlock"/> takes at a time.</summary>
    public const int BlockRows = 6;

    /// <summary>Rows that <see cref="SubtractPanel"/> takes at a time.</summary>
    public const int PanelRows = 8;

    public static VectorKernels Wide512 { get; } = new VectorKernels<Vector512<float>, Lanes512>();

    public static VectorKernels Wide256 { get; } = new VectorKernels<Vector256<float>, Lanes256>();

    public static VectorKernels Wide128 { get; } = new VectorKernels<Vector128<float>, Lanes128>();

    /// <summary>The widest that this machine runs in hardware.</summary>
    public static VectorKernels Best { get; } =
        Vector512.IsHardwareAccelerated ? Wide512 : Vector256.IsHardwareAccelerated ? Wide256 : Wide128;

    /// <summary>result = rows x square, where square is symmetric. The number of rows is a multiple of <see cref="BlockRows"/>.</summary>
    public abstract void MultiplyBlock(float* rows, int count, float* square, int stride, float* result);

    /// <summary>gramian += rows' x rows, in the columns at and right of each row's tile; the rest is undefined.</summary>
    public abstract void AddGramian(float* rows, int count, int stride, float* gramian);

    /// <summary>sum += sum over k of c_k (constant + slope (row_k . x)) row_k, for the listed rows; every c is 1 where weights is null.</summary>
    public abstract void AddProjections(float* rows, int* listed, float* weights, int count, int stride, float constant, float slope, float* x, float* sum);

    /// <summary>
    /// sum[c] -= sum over the <see cref="PanelRows"/> rows k of row_k[at] x row_k[c], for the columns c from <paramref name="at"/> to
    /// the stride (and a few before, which are undefined).
    /// </summary>
    public abstract void SubtractPanel(float* rows, int stride, int at, float* sum);

    /// <summary>scores[k] = row_k . x for consecutive rows; count is a multiple of 4. A row's score does not depend on its place.</summary>
    public abstract void Score(float* rows, int count, int stride, float* x, float* scores);
}

/// <inheritdoc/>
internal sealed unsafe class VectorKernels<TVector, TLanes> : VectorKernels
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
                MultiplyTile(rows + (nint)row * stride, square + column, stride, result + (nint)row * stride + column);
        }
    }

    // Twelve sums stay in registers: six rows by two vectors of columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTile(float* x, float* square, int stride, float* result)
    {
        TVector a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default;
        TVector a3 = default, b3 = default, a4 = default, b4 = default, a5 = default, b5 = default;
        float* x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride, x5 = x4 + stride;
        for (int j = 0; j < stride; j++, square += stride)
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

    public override void AddGramian(float* rows, int count, int stride, float* gramian)
    {
        // Few enough rows at a time to stay in the second cache while every tile reads them.
        int chunk = Math.Max(16, 128 * 1024 / (stride * sizeof(float)));
        for (int first = 0; first < count; first += chunk)
        {
            float* from = rows + (nint)first * stride;
            int length = Math.Min(chunk, count - first);
            for (int column = 0; column < stride; column += 2 * Width)
            {
                for (int row = 0; row < column + 2 * Width; row += 4)
                    GramianTile(from + row, from + column, length, stride, gramian + (nint)row * stride + column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GramianTile(float* x, float* y, int count, int stride, float* gramian)
    {
        TVector a0 = TLanes.Load(gramian), b0 = TLanes.Load(gramian + Width);
        TVector a1 = TLanes.Load(gramian + stride), b1 = TLanes.Load(gramian + stride + Width);
        TVector a2 = TLanes.Load(gramian + 2 * stride), b2 = TLanes.Load(gramian + 2 * stride + Width);
        TVector a3 = TLanes.Load(gramian + 3 * stride), b3 = TLanes.Load(gramian + 3 * stride + Width);
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
        StorePair(a1, b1, gramian + stride);
        StorePair(a2, b2, gramian + 2 * stride);
        StorePair(a3, b3, gramian + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddProjections(
        float* rows, int* listed, float* weights, int count, int stride, float constant, float slope, float* x, float* sum)
    {
        int k = 0;
        for (; k + 4 <= count; k += 4)
        {
            float* y0 = rows + (nint)listed[k] * stride, y1 = rows + (nint)listed[k + 1] * stride;
            float* y2 = rows + (nint)listed[k + 2] * stride, y3 = rows + (nint)listed[k + 3] * stride;
            Vector128<float> scale = Vector128.Create(constant) + Dots(y0, y1, y2, y3, stride, x) * slope;
            if (weights != null) scale *= Vector128.Load(weights + k);
            TVector s0 = TLanes.Broadcast(scale[0]), s1 = TLanes.Broadcast(scale[1]);
            TVector s2 = TLanes.Broadcast(scale[2]), s3 = TLanes.Broadcast(scale[3]);
            for (int j = 0; j < stride; j += Width)
            {
                TVector a = TLanes.MultiplyAdd(TLanes.Load(y0 + j), s0, TLanes.Load(sum + j));
                a = TLanes.MultiplyAdd(TLanes.Load(y1 + j), s1, a);
                a = TLanes.MultiplyAdd(TLanes.Load(y2 + j), s2, a);
                a = TLanes.MultiplyAdd(TLanes.Load(y3 + j), s3, a);
                TLanes.Store(a, sum + j);
            }
        }
        for (; k < count; k++)
        {
            float* y = rows + (nint)listed[k] * stride;
            float scale = (constant + slope * Dots(y, y, y, y, stride, x)[0]) * (weights == null ? 1 : weights[k]);
            TVector s = TLanes.Broadcast(scale);
            for (int j = 0; j < stride; j += Width)
                TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(y + j), s, TLanes.Load(sum + j)), sum + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SubtractPanel(float* rows, int stride, int at, float* sum)
    {
        float* r1 = rows + stride, r2 = r1 + stride, r3 = r2 + stride, r4 = r3 + stride, r5 = r4 + stride, r6 = r5 + stride, r7 = r6 + stride;
        TVector f0 = TLanes.Broadcast(-rows[at]), f1 = TLanes.Broadcast(-r1[at]), f2 = TLanes.Broadcast(-r2[at]), f3 = TLanes.Broadcast(-r3[at]);
        TVector f4 = TLanes.Broadcast(-r4[at]), f5 = TLanes.Broadcast(-r5[at]), f6 = TLanes.Broadcast(-r6[at]), f7 = TLanes.Broadcast(-r7[at]);
        for (int j = at & -Width; j < stride; j += Width)
        {
            // Two chains of four, so that additions wait less for each other.
            TVector a = TLanes.MultiplyAdd(TLanes.Load(rows + j), f0, TLanes.Load(sum + j));
            a = TLanes.MultiplyAdd(TLanes.Load(r1 + j), f1, a);
            a = TLanes.MultiplyAdd(TLanes.Load(r2 + j), f2, a);
            a = TLanes.MultiplyAdd(TLanes.Load(r3 + j), f3, a);
            TVector b = TLanes.MultiplyAdd(TLanes.Load(r4 + j), f4, default);
            b = TLanes.MultiplyAdd(TLanes.Load(r5 + j), f5, b);
            b = TLanes.MultiplyAdd(TLanes.Load(r6 + j), f6, b);
            b = TLanes.MultiplyAdd(TLanes.Load(r7 + j), f7, b);
            TLanes.Store(TLanes.Add(a, b), sum + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(float* rows, int count, int stride, float* x, float* scores)
    {
        for (int k = 0; k < count; k += 4, rows += 4 * stride)
            Dots(rows, rows + stride, rows + 2 * stride, rows + 3 * stride, stride, x).Store(scores + k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Dots(float* y0, float* y1, float* y2, float* y3, int stride, float* x)
    {
        TVector a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        for (int j = 0; j < stride; j += 2 * Width)
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

    private static void StorePair(TVector left, TVector right, float* to)
    {
        TLanes.Store(left, to);
        TLanes.Store(right, to + Width);
    }
}
