using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Recommender.Factorization;
using Recommender.Threading;

namespace Recommender.Scoring;

/// <summary>
/// The items' factors rounded to four bits, and how far off that is, so that a scan reads an eighth of the bytes and still knows what a
/// product is at most: with x the row, y what its codes stand for and q a vector, <c>q.x &lt;= q.y + |q| |x - y|</c>. Each 64 items are a
/// block, as they are a word of an <see cref="ItemMask"/>. About 0.15 of the factors' bytes at 128 factors.
/// </summary>
internal sealed unsafe class FactorCodes
{
    public const int Block = 64;

    /// <summary>The code of 0: a code stands for its distance from this, times the item's scale.</summary>
    public const int Zero = 7;

    /// <summary>Between these lengths of two vectors no product or square overflows, and none that matters underflows.</summary>
    public const float ShortestNorm = 1e-15f, LongestNorm = 1e18f;

    private readonly byte[] _codes;
    private readonly float[] _floats;
    private readonly nint _firstCode;

    private FactorCodes(FactorMatrix items)
    {
        (Rows, Stride, Blocks) = (items.Rows, items.Stride, (items.Rows + Block - 1) / Block);
        RowBytes = (int)RowBytesFor(Stride);
        PaddedBlocks = (Blocks + BlocksAtOnce - 1) / BlocksAtOnce * BlocksAtOnce;
        _codes = GC.AllocateUninitializedArray<byte>(checked((int)(Blocks * BlockBytes + 64)), pinned: true);
        _floats = GC.AllocateArray<float>(2 * Blocks * Block + 2 * PaddedBlocks, pinned: true);
        HugePages.Ask(Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_codes)), _codes.LongLength);
        HugePages.Ask(Scales, _floats.LongLength * sizeof(float));
        _firstCode = (nint)(64 - (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_codes)) % 64);
    }

    /// <summary>Bounds of blocks are padded to a multiple of this.</summary>
    public const int BlocksAtOnce = 8;

    public int Rows { get; }

    public int Stride { get; }

    public int Blocks { get; }

    public int PaddedBlocks { get; }

    /// <summary>Of an item's codes.</summary>
    public int RowBytes { get; }

    /// <summary>Bytes of one item's codes, whose row of factors takes <paramref name="stride"/> floats.</summary>
    public static long RowBytesFor(long stride) => (stride / 2 + CodeKernels.RowBytes - 1) / CodeKernels.RowBytes * CodeKernels.RowBytes;

    /// <summary>What this takes.</summary>
    public long Bytes => _codes.LongLength + _floats.LongLength * sizeof(float);

    /// <summary>One an item: what a code's step stands for.</summary>
    public float* Scales => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_floats));

    /// <summary>One an item: at least the length of what the rounding took off; infinite where no bound holds.</summary>
    public float* Errors => Scales + (nint)Blocks * Block;

    /// <summary>One a block: at least the length of its longest row.</summary>
    public float* Norms => Errors + (nint)Blocks * Block;

    /// <summary>One a block: at least the greatest length of a row and its error together.</summary>
    public float* Reaches => Norms + PaddedBlocks;

    private nint BlockBytes => (nint)Block * RowBytes;

    /// <summary>As <see cref="CodeKernels"/> reads them.</summary>
    public byte* OfBlock(int block) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_codes)) + _firstCode + block * BlockBytes;

    /// <summary>
    /// By how much, relative to the product of two lengths, sums of so many floats may be off: twice and more what Higham's gamma_n says.
    /// </summary>
    public static float Slack(int stride) => (stride + 64) * 1.2e-7f;

    public static FactorCodes Of(FactorMatrix items, int threads, CancellationToken cancellation)
    {
        const int Together = 64;
        var codes = new FactorCodes(items);
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, (codes.Blocks + Together - 1) / Together, parallel, part =>
        {
            var rounding = new RowRounding(items.Stride, codes.RowBytes);
            int to = Math.Min(codes.Blocks, (part + 1) * Together);
            for (int block = part * Together; block < to; block++) codes.Round(items, block, rounding);
        });
        return codes;
    }

    private void Round(FactorMatrix items, int block, RowRounding rounding)
    {
        byte* to = OfBlock(block);
        float norm = 0, reach = 0;
        for (int k = 0; k < Block; k++)
        {
            int item = block * Block + k;
            // Rows behind the last one are zeros.
            rounding.Round(items.Start + (nint)item * Stride, to + k * RowBytes);
            (Scales[item], Errors[item]) = (rounding.Scale, rounding.Error);
            norm = Math.Max(norm, rounding.Norm);
            reach = Math.Max(reach, rounding.Norm + rounding.Error);
        }
        // Itself a rounded sum.
        (Norms[block], Reaches[block]) = (norm, reach * (1 + Slack(Stride)));
    }
}
