using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recommender.Factorization;

/// <summary>What conjugate gradients do with the few rows of one person's interactions.</summary>
internal sealed unsafe partial class VectorKernels<TVector, TLanes>
{
    // What a core keeps in its first cache beside the vectors it works on.
    private const int NearBytes = 16 << 10;

    // Rows that are asked for before they are copied.
    private const int Ahead = 6;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Gather(float* rows, int* listed, float* weights, int count, int stride, int columns, float* panel, float* targets)
    {
        for (int k = 0; k < count; k++, panel += columns)
        {
            float* row = rows + (nint)listed[k] * stride;
            if (Sse.IsSupported && k + Ahead < count)
            {
                float* ahead = rows + (nint)listed[k + Ahead] * stride;
                for (int j = 0; j < columns; j += 16) Sse.Prefetch0(ahead + j);
            }
            if (weights == null)
            {
                targets[k] = 1;
                for (int j = 0; j < columns; j += Width) TLanes.Store(TLanes.Load(row + j), panel + j);
                continue;
            }
            targets[k] = MathF.Sqrt(weights[k]);
            TVector root = TLanes.Broadcast(targets[k]);
            for (int j = 0; j < columns; j += Width) TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(row + j), root, default), panel + j);
        }
        for (int k = count; k < PanelLength(count); k++, panel += columns)
        {
            targets[k] = 0;
            new Span<float>(panel, columns).Clear();
        }
    }

    public override float Project(
        float* panel, float* targets, int count, int stride, float slope, float scale, float ridge, float* x, float* sum, float* scores)
    {
        // Both readings of a row follow each other while it is in the first cache.
        int chunk = Math.Max(8, NearBytes / (stride * sizeof(float)) & ~3);
        float product = 0;
        for (int first = 0; first < count; first += chunk)
        {
            int length = Math.Min(chunk, count - first);
            float* rows = panel + (nint)first * stride, row = rows;
            for (int k = 0; k < length; k += 4, row += 4 * stride)
            {
                Vector128<float> dots = Dots(row, row + stride, row + 2 * stride, row + 3 * stride, stride, x) * slope;
                if (targets != null) dots += Vector128.Load(targets + first + k);
                dots.Store(scores + k);
            }
            product = first == 0
                ? AddScored(rows, scores, length, stride, scale, ridge, x, sum)
                : AddScored(rows, scores, length, stride, 1, 0, x, sum);
        }
        return product;
    }

    // sum = scale sum + ridge x + sum over k of scores[k] row_k; returns x . sum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float AddScored(float* rows, float* scores, int count, int stride, float scale, float ridge, float* x, float* sum)
    {
        TVector s = TLanes.Broadcast(scale), r = TLanes.Broadcast(ridge), product = default;
        int column = 0, k;
        for (; column + 4 * Width <= stride; column += 4 * Width)
        {
            float* y = rows + column, from = x + column, to = sum + column;
            TVector x0 = TLanes.Load(from), x1 = TLanes.Load(from + Width), x2 = TLanes.Load(from + 2 * Width), x3 = TLanes.Load(from + 3 * Width);
            TVector a0 = TLanes.MultiplyAdd(TLanes.Load(to), s, TLanes.MultiplyAdd(x0, r, default));
            TVector a1 = TLanes.MultiplyAdd(TLanes.Load(to + Width), s, TLanes.MultiplyAdd(x1, r, default));
            TVector a2 = TLanes.MultiplyAdd(TLanes.Load(to + 2 * Width), s, TLanes.MultiplyAdd(x2, r, default));
            TVector a3 = TLanes.MultiplyAdd(TLanes.Load(to + 3 * Width), s, TLanes.MultiplyAdd(x3, r, default));
            // Two chains, so that additions wait less for each other.
            TVector b0 = default, b1 = default, b2 = default, b3 = default;
            for (k = 0; k < count; k += 2, y += 2 * stride)
            {
                TVector t = TLanes.Broadcast(scores[k]), u = TLanes.Broadcast(scores[k + 1]);
                float* z = y + stride;
                a0 = TLanes.MultiplyAdd(TLanes.Load(y), t, a0);
                a1 = TLanes.MultiplyAdd(TLanes.Load(y + Width), t, a1);
                a2 = TLanes.MultiplyAdd(TLanes.Load(y + 2 * Width), t, a2);
                a3 = TLanes.MultiplyAdd(TLanes.Load(y + 3 * Width), t, a3);
                b0 = TLanes.MultiplyAdd(TLanes.Load(z), u, b0);
                b1 = TLanes.MultiplyAdd(TLanes.Load(z + Width), u, b1);
                b2 = TLanes.MultiplyAdd(TLanes.Load(z + 2 * Width), u, b2);
                b3 = TLanes.MultiplyAdd(TLanes.Load(z + 3 * Width), u, b3);
            }
            a0 = TLanes.Add(a0, b0);
            a1 = TLanes.Add(a1, b1);
            a2 = TLanes.Add(a2, b2);
            a3 = TLanes.Add(a3, b3);
            StorePair(a0, a1, to);
            StorePair(a2, a3, to + 2 * Width);
            product = TLanes.MultiplyAdd(a1, x1, TLanes.MultiplyAdd(a0, x0, product));
            product = TLanes.MultiplyAdd(a3, x3, TLanes.MultiplyAdd(a2, x2, product));
        }
        for (; column < stride; column += Width)
        {
            TVector from = TLanes.Load(x + column);
            TVector a = TLanes.MultiplyAdd(TLanes.Load(sum + column), s, TLanes.MultiplyAdd(from, r, default)), b = default;
            float* y = rows + column;
            for (k = 0; k < count; k += 2, y += 2 * stride)
            {
                a = TLanes.MultiplyAdd(TLanes.Load(y), TLanes.Broadcast(scores[k]), a);
                b = TLanes.MultiplyAdd(TLanes.Load(y + stride), TLanes.Broadcast(scores[k + 1]), b);
            }
            a = TLanes.Add(a, b);
            TLanes.Store(a, sum + column);
            product = TLanes.MultiplyAdd(a, from, product);
        }
        return TLanes.Sum(product);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddErrors(float* panel, float* targets, float* scores, int count, int stride, float* sum)
    {
        for (int column = 0; column < stride; column += 2 * Width)
        {
            TVector a0 = TLanes.Load(sum + column), a1 = TLanes.Load(sum + column + Width), b0 = default, b1 = default;
            float* y = panel + column;
            for (int k = 0; k < count; k += 2, y += 2 * stride)
            {
                TVector t = TLanes.Broadcast(scores[k] - targets[k]), u = TLanes.Broadcast(scores[k + 1] - targets[k + 1]);
                a0 = TLanes.MultiplyAdd(TLanes.Load(y), t, a0);
                a1 = TLanes.MultiplyAdd(TLanes.Load(y + Width), t, a1);
                b0 = TLanes.MultiplyAdd(TLanes.Load(y + stride), u, b0);
                b1 = TLanes.MultiplyAdd(TLanes.Load(y + stride + Width), u, b1);
            }
            StorePair(TLanes.Add(a0, b0), TLanes.Add(a1, b1), sum + column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddScores(float* panel, int count, int stride, float factor, float* x, float* scores)
    {
        for (int k = 0; k < count; k += 4, panel += 4 * stride)
            (Vector128.Load(scores + k) + Dots(panel, panel + stride, panel + 2 * stride, panel + 3 * stride, stride, x) * factor).Store(scores + k);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Advance(float length, float* p, float* q, int stride, float* x, float* r)
    {
        TVector forward = TLanes.Broadcast(length), back = TLanes.Broadcast(-length), a = default, b = default;
        for (int j = 0; j < stride; j += 2 * Width)
        {
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(p + j), forward, TLanes.Load(x + j)), x + j);
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(p + j + Width), forward, TLanes.Load(x + j + Width)), x + j + Width);
            TVector left = TLanes.MultiplyAdd(TLanes.Load(q + j), back, TLanes.Load(r + j));
            TVector right = TLanes.MultiplyAdd(TLanes.Load(q + j + Width), back, TLanes.Load(r + j + Width));
            StorePair(left, right, r + j);
            a = TLanes.MultiplyAdd(left, left, a);
            b = TLanes.MultiplyAdd(right, right, b);
        }
        return TLanes.Sum(TLanes.Add(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Redirect(float factor, float* r, int stride, float* p)
    {
        TVector f = TLanes.Broadcast(factor);
        for (int j = 0; j < stride; j += Width) TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(p + j), f, TLanes.Load(r + j)), p + j);
    }
}
