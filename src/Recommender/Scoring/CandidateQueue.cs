using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Recommender.Factorization;

namespace Recommender.Scoring;

/// <summary>
/// Items whose bound may win, kept until there are some: their rows, which are anywhere in memory, are asked for when an item comes and
/// read when it is scored.
/// </summary>
internal sealed unsafe class CandidateQueue(FactorMatrix items, VectorKernels kernels)
{
    // Enough to wait for rows together, few enough for a threshold of today.
    private const int Together = 48;

    private const int CacheLineFloats = 16;

    // A block's items fit behind what waits already, and three more to fill up a group of four.
    private readonly int[] _items = GC.AllocateArray<int>(Together + FactorCodes.Block + 4, pinned: true);
    private readonly float[] _bounds = new float[Together + FactorCodes.Block + 4];
    private readonly float[] _products = GC.AllocateArray<float>(Together + FactorCodes.Block + 4, pinned: true);
    private int _count;

    /// <summary>Whether there is no room for another block's.</summary>
    public bool IsFull => _count > Together;

    public void Add(int item, float bound)
    {
        (_items[_count], _bounds[_count++]) = (item, bound);
        if (!Sse.IsSupported) return;
        float* row = items.Start + (nint)item * items.Stride;
        for (int j = 0; j < items.Stride; j += CacheLineFloats) Sse.Prefetch0(row + j);
    }

    /// <summary>Scores those whose bound may still win, and offers them.</summary>
    public void Offer(in ScanRequest request, ref TopHeap heap)
    {
        int left = 0;
        for (int k = 0; k < _count; k++)
        {
            if (_bounds[k] < heap.ThresholdFrom(_items[k])) continue;
            _items[left++] = _items[k];
        }
        _count = 0;
        if (left == 0) return;
        for (int k = left; k % 4 != 0; k++) _items[k] = _items[0];
        int* listed = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_items));
        float* products = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_products));
        kernels.ScoreListed(items.Start, listed, (left + 3) & ~3, items.Stride, request.Vector.Start, products);
        for (int k = 0; k < left; k++)
        {
            heap.Offer(listed[k], request.Score(products[k], listed[k]));
        }
    }
}
