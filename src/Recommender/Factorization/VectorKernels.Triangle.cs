using System.Runtime.CompilerServices;

namespace Recommender.Factorization;

/// <summary>Cholesky's factorization of small systems, eight rows at a time.</summary>
internal sealed unsafe partial class VectorKernels<TVector, TLanes>
{
    private const int PanelRows = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool FactorTriangle(float* matrix, int size, int stride)
    {
        int columns = (size + Width - 1) & -Width;
        for (int panel = 0; panel < size; panel += PanelRows)
        {
            int next = Math.Min(panel + PanelRows, size);
            for (int p = panel; p < next; p++)
            {
                float* row = matrix + (nint)p * stride;
                if (!(row[p] > 0)) return false;
                int start = p & -Width;
                for (int j = start; j < p; j++) row[j] = 0;
                TVector inverse = TLanes.Broadcast(1 / MathF.Sqrt(row[p]));
                for (int j = start; j < columns; j += Width) TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(row + j), inverse, default), row + j);
                for (int i = p + 1; i < next; i++)
                {
                    float* below = matrix + (nint)i * stride;
                    TVector factor = TLanes.Broadcast(-row[i]);
                    for (int j = i & -Width; j < columns; j += Width)
                        TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(row + j), factor, TLanes.Load(below + j)), below + j);
                }
            }
            for (int i = next; i < size; i++) SubtractPanel(matrix + (nint)panel * stride, stride, columns, i, matrix + (nint)i * stride);
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SolveTriangle(float* triangle, int size, int stride, float* b)
    {
        int columns = (size + Width - 1) & -Width;
        for (int i = 0; i < size; i++)
        {
            float* row = triangle + (nint)i * stride;
            float solved = b[i] / row[i];
            TVector factor = TLanes.Broadcast(-solved);
            for (int j = i & -Width; j < columns; j += Width) TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(row + j), factor, TLanes.Load(b + j)), b + j);
            b[i] = solved;
        }
        for (int i = size - 1; i >= 0; i--)
        {
            float* row = triangle + (nint)i * stride;
            float rest = b[i];
            b[i] = 0;
            TVector sum = default;
            for (int j = i & -Width; j < columns; j += Width) sum = TLanes.MultiplyAdd(TLanes.Load(row + j), TLanes.Load(b + j), sum);
            b[i] = (rest - TLanes.Sum(sum)) / row[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractPanel(float* rows, int stride, int columns, int at, float* sum)
    {
        float* r1 = rows + stride, r2 = r1 + stride, r3 = r2 + stride, r4 = r3 + stride, r5 = r4 + stride, r6 = r5 + stride, r7 = r6 + stride;
        TVector f0 = TLanes.Broadcast(-rows[at]), f1 = TLanes.Broadcast(-r1[at]), f2 = TLanes.Broadcast(-r2[at]), f3 = TLanes.Broadcast(-r3[at]);
        TVector f4 = TLanes.Broadcast(-r4[at]), f5 = TLanes.Broadcast(-r5[at]), f6 = TLanes.Broadcast(-r6[at]), f7 = TLanes.Broadcast(-r7[at]);
        for (int j = at & -Width; j < columns; j += Width)
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
}
