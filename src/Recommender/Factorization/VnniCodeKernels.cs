using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recommender.Factorization;

/// <summary>By the instruction that multiplies and adds groups of four bytes.</summary>
internal sealed unsafe class VnniCodeKernels : CodeKernels
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(byte* codes, int parts, int steps, sbyte* query, int* products)
    {
        Vector256<byte> lowHalf = Vector256.Create((byte)0x0F);
        for (int part = 0; part < parts; part++, products += PartItems)
        {
            int* q = (int*)query;
            Vector256<int> l0 = default, h0 = default, l1 = default, h1 = default;
            for (int step = 0; step < steps; step++, codes += StepBytes, q += 2)
            {
                Vector256<sbyte> low = Vector256.Create(q[0]).AsSByte(), high = Vector256.Create(q[1]).AsSByte();
                // High halves count sixteen times; what they add up to is shifted once.
                Vector256<byte> bytes = Vector256.Load(codes);
                l0 = AvxVnni.MultiplyWideningAndAdd(l0, bytes & lowHalf, low);
                h0 = AvxVnni.MultiplyWideningAndAdd(h0, Vector256.AndNot(bytes, lowHalf), high);
                bytes = Vector256.Load(codes + StepBytes / 2);
                l1 = AvxVnni.MultiplyWideningAndAdd(l1, bytes & lowHalf, low);
                h1 = AvxVnni.MultiplyWideningAndAdd(h1, Vector256.AndNot(bytes, lowHalf), high);
            }
            (l0 + (h0 >> 4)).Store(products);
            (l1 + (h1 >> 4)).Store(products + 8);
        }
    }
}
