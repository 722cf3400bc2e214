using System.Runtime.CompilerServices;

namespace Recommender.Factorization;

/// <summary>Sums products in 16 bits for as long as they fit, then in 32.</summary>
internal sealed unsafe class CodeKernels<TVector, TLanes> : CodeKernels
    where TVector : struct
    where TLanes : struct, ICodeLanes<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(byte* codes, int parts, int steps, sbyte* query, int* products)
    {
        for (int part = 0; part < parts; part++, codes += steps * StepBytes)
        {
            for (int first = 0; first < PartItems; first += TLanes.Items, products += TLanes.Items)
                TLanes.Store(Sums(codes + first * 4, steps, (int*)query), products);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sums(byte* codes, int steps, int* query)
    {
        TVector sums = default;
        for (int step = 0; step < steps; step += StepsOfShortSums, codes += StepsOfShortSums * StepBytes, query += 2 * StepsOfShortSums)
        {
            // Two chains, so that additions wait less for each other.
            TVector bytes = TLanes.Load(codes);
            TVector low = TLanes.AddPairs(default, TLanes.Low(bytes), TLanes.Repeat(query[0]));
            TVector high = TLanes.AddPairs(default, TLanes.High(bytes), TLanes.Repeat(query[1]));
            bytes = TLanes.Load(codes + StepBytes);
            low = TLanes.AddPairs(low, TLanes.Low(bytes), TLanes.Repeat(query[2]));
            high = TLanes.AddPairs(high, TLanes.High(bytes), TLanes.Repeat(query[3]));
            bytes = TLanes.Load(codes + 2 * StepBytes);
            low = TLanes.AddPairs(low, TLanes.Low(bytes), TLanes.Repeat(query[4]));
            high = TLanes.AddPairs(high, TLanes.High(bytes), TLanes.Repeat(query[5]));
            bytes = TLanes.Load(codes + 3 * StepBytes);
            low = TLanes.AddPairs(low, TLanes.Low(bytes), TLanes.Repeat(query[6]));
            high = TLanes.AddPairs(high, TLanes.High(bytes), TLanes.Repeat(query[7]));
            sums = TLanes.AddShorts(TLanes.AddShorts(sums, low), high);
        }
        return sums;
    }
}
