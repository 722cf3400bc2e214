using System.Runtime.CompilerServices;

namespace Recommender.Factorization;

/// <summary>Sums products in 16 bits for as long as they fit, then in 32.</summary>
internal sealed unsafe class CodeKernels<TVector, TLanes> : CodeKernels
    where TVector : struct
    where TLanes : struct, ICodeLanes<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(byte* codes, int steps, sbyte* query, int* products)
    {
        int register = 4 * TLanes.Items;
        for (int first = 0; first < BlockItems; first += 4 * TLanes.Items)
        {
            byte* at = codes + first * 4;
            int* q = (int*)query;
            TVector s0 = default, s1 = default, s2 = default, s3 = default;
            for (int step = 0; step < steps; step += StepsOfShortSums)
            {
                TVector a0 = default, a1 = default, a2 = default, a3 = default;
                for (int k = 0; k < StepsOfShortSums; k++, at += StepBytes, q += 2)
                {
                    TVector low = TLanes.Repeat(q[0]), high = TLanes.Repeat(q[1]), bytes = TLanes.Load(at);
                    a0 = TLanes.AddPairs(TLanes.AddPairs(a0, TLanes.Low(bytes), low), TLanes.High(bytes), high);
                    bytes = TLanes.Load(at + register);
                    a1 = TLanes.AddPairs(TLanes.AddPairs(a1, TLanes.Low(bytes), low), TLanes.High(bytes), high);
                    bytes = TLanes.Load(at + 2 * register);
                    a2 = TLanes.AddPairs(TLanes.AddPairs(a2, TLanes.Low(bytes), low), TLanes.High(bytes), high);
                    bytes = TLanes.Load(at + 3 * register);
                    a3 = TLanes.AddPairs(TLanes.AddPairs(a3, TLanes.Low(bytes), low), TLanes.High(bytes), high);
                }
                s0 = TLanes.AddShorts(s0, a0);
                s1 = TLanes.AddShorts(s1, a1);
                s2 = TLanes.AddShorts(s2, a2);
                s3 = TLanes.AddShorts(s3, a3);
            }
            TLanes.Store(s0, products + first);
            TLanes.Store(s1, products + first + TLanes.Items);
            TLanes.Store(s2, products + first + 2 * TLanes.Items);
            TLanes.Store(s3, products + first + 3 * TLanes.Items);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void MultiplyPart(byte* codes, int steps, sbyte* query, int* products)
    {
        for (int first = 0; first < PartItems; first += TLanes.Items)
        {
            byte* at = codes + first * 4;
            int* q = (int*)query;
            TVector sum = default;
            for (int step = 0; step < steps; step += StepsOfShortSums)
            {
                TVector low = default, high = default;
                for (int k = 0; k < StepsOfShortSums; k++, at += StepBytes, q += 2)
                {
                    TVector bytes = TLanes.Load(at);
                    low = TLanes.AddPairs(low, TLanes.Low(bytes), TLanes.Repeat(q[0]));
                    high = TLanes.AddPairs(high, TLanes.High(bytes), TLanes.Repeat(q[1]));
                }
                sum = TLanes.AddShorts(TLanes.AddShorts(sum, low), high);
            }
            TLanes.Store(sum, products + first);
        }
    }
}
