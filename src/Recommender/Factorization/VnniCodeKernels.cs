using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recommender.Factorization;

/// <summary>By the instruction that multiplies and adds groups of four bytes.</summary>
internal sealed unsafe class VnniCodeKernels : CodeKernels
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(byte* codes, int steps, sbyte* query, int* products)
    {
        Vector256<byte> lowHalf = Vector256.Create((byte)0x0F);
        for (int first = 0; first < BlockItems; first += 32)
        {
            byte* at = codes + first * 4;
            int* q = (int*)query;
            Vector256<int> l0 = default, h0 = default, l1 = default, h1 = default, l2 = default, h2 = default, l3 = default, h3 = default;
            for (int step = 0; step < steps; step++, at += StepBytes, q += 2)
            {
                Vector256<sbyte> low = Vector256.Create(q[0]).AsSByte(), high = Vector256.Create(q[1]).AsSByte();
                // High halves count sixteen times; what they add up to is shifted once.
                Vector256<byte> bytes = Vector256.Load(at);
                l0 = AvxVnni.MultiplyWideningAndAdd(l0, bytes & lowHalf, low);
                h0 = AvxVnni.MultiplyWideningAndAdd(h0, Vector256.AndNot(bytes, lowHalf), high);
                bytes = Vector256.Load(at + 32);
                l1 = AvxVnni.MultiplyWideningAndAdd(l1, bytes & lowHalf, low);
                h1 = AvxVnni.MultiplyWideningAndAdd(h1, Vector256.AndNot(bytes, lowHalf), high);
                bytes = Vector256.Load(at + 64);
                l2 = AvxVnni.MultiplyWideningAndAdd(l2, bytes & lowHalf, low);
                h2 = AvxVnni.MultiplyWideningAndAdd(h2, Vector256.AndNot(bytes, lowHalf), high);
                bytes = Vector256.Load(at + 96);
                l3 = AvxVnni.MultiplyWideningAndAdd(l3, bytes & lowHalf, low);
                h3 = AvxVnni.MultiplyWideningAndAdd(h3, Vector256.AndNot(bytes, lowHalf), high);
            }
            (l0 + (h0 >> 4)).Store(products + first);
            (l1 + (h1 >> 4)).Store(products + first + 8);
            (l2 + (h2 >> 4)).Store(products + first + 16);
            (l3 + (h3 >> 4)).Store(products + first + 24);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void MultiplyPart(byte* codes, int steps, sbyte* query, int* products)
    {
        Vector256<byte> lowHalf = Vector256.Create((byte)0x0F);
        int* q = (int*)query;
        Vector256<int> l0 = default, h0 = default, l1 = default, h1 = default;
        for (int step = 0; step < steps; step++, codes += StepBytes, q += 2)
        {
            Vector256<sbyte> low = Vector256.Create(q[0]).AsSByte(), high = Vector256.Create(q[1]).AsSByte();
            Vector256<byte> bytes = Vector256.Load(codes);
            l0 = AvxVnni.MultiplyWideningAndAdd(l0, bytes & lowHalf, low);
            h0 = AvxVnni.MultiplyWideningAndAdd(h0, Vector256.AndNot(bytes, lowHalf), high);
            bytes = Vector256.Load(codes + 32);
            l1 = AvxVnni.MultiplyWideningAndAdd(l1, bytes & lowHalf, low);
            h1 = AvxVnni.MultiplyWideningAndAdd(h1, Vector256.AndNot(bytes, lowHalf), high);
        }
        (l0 + (h0 >> 4)).Store(products);
        (l1 + (h1 >> 4)).Store(products + 8);
    }
}
