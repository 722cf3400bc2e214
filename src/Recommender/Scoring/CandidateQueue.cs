using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Recommender.Factorization;

namespace Recommender.Scoring;

/// <summary>Items to be scored, with their bounds. Their rows are anywhere in memory, so they are asked for before they are read.</summary>
/// <param name="items">Their factors.</param>
/// <param name="kernels">Score them.</param>
/// <param name="room">How many may wait; as many more as a block has may come before they are asked for.</param>
internal sealed unsafe class CandidateQueue(FactorMatrix items, VectorKernels kernels, int room)
{
    private const int CacheLineFloats = 16;

    // Rows on their way while those before them are scored.
    private const int Ahead = 12;

    // Three more fill up a group of four.
    private readonly int[] _items = GC.AllocateArray<int>(room + FactorCodes.Block + 3, pinned: true);
    private readonly float[] _bounds = new float[room + FactorCodes.Block];
    private int _count;

    public bool IsFull => _count > room;

    /// <summary>Forgets what waits.</summary>
    public void Clear() => _count = 0;

    public void Add(int item, float bound) => (_items[_count], _bounds[_count++]) = (item, bound);

    /// <summary>Scores those whose bound may still win, and offers them.</summary>
    public void Offer(in ScanRequest request, ref TopHeap heap)
    {
        int left = 0;
        float threshold = heap.ThresholdFrom(0);
        for (int k = 0; k < _count; k++)
        {
            if (!(_bounds[k] < threshold)) _items[left++] = _items[k];
        }
        _count = 0;
        if (left == 0) return;
        for (int k = left; k % 4 != 0; k++) _items[k] = _items[0];
        int* listed = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_items));
        float* products = stackalloc float[4];
        for (int k = 0; k < Math.Min(Ahead, left); k++) Fetch(listed[k]);
        for (int k = 0; k < left; k += 4)
        {
            for (int next = k + Ahead; next < Math.Min(k + Ahead + 4, left); next++) Fetch(listed[next]);
            kernels.ScoreListed(items.Start, listed + k, 4, items.Stride, request.Vector.Start, products);
            for (int j = 0; j < Math.Min(4, left - k); j++) heap.Offer(listed[k + j], request.Score(products[j], listed[k + j]));
        }
    }

    private void Fetch(int item)
    {
        if (!Sse.IsSupported) return;
        float* row = items.Start + (nint)item * items.Stride;
        for (int j = 0; j < items.Stride; j += CacheLineFloats) Sse.Prefetch0(row + j);
    }
}
