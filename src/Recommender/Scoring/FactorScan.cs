using System.Numerics;
using Recommender.Factorization;

namespace Recommender.Scoring;

/// <summary>
/// The best of all items that may be answered: exactly those of scoring every one and sorting. With codes it scores only those whose bound
/// may win (<see cref="CodedScan"/>). One at a time uses it; it allocates only for more queries together than ever before.
/// </summary>
/// <param name="items">Rows of factors.</param>
/// <param name="kernels">Register width: the scores' last bits depend on it.</param>
/// <param name="codes">Of the items; null scores every item.</param>
/// <param name="codeKernels">How products of codes are made; the answers do not depend on it. Null takes the fastest.</param>
internal sealed unsafe class FactorScan(
    FactorMatrix items, VectorKernels kernels, FactorCodes? codes = null, CodeKernels? codeKernels = null)
{
    // A block is scored whole when more of its items are open than this, else in groups of four.
    private const int SparseBlock = 12;

    // Blocks that queries pass together, and how many do. Measured on a second cache of 1 MB: what 256 queries remember of their blocks
    // falls out of it between one part of the catalogue and the next. That of 32 fits as long as they remember few; at most it is 64 kB
    // of bounds each, 2 MB.
    private const int BlocksTogether = 4 * FactorCodes.BlocksAtOnce, QueriesTogether = 32;

    private readonly List<CodedScan> _scans = [];

    /// <param name="vector">One padded row of the items' stride.</param>
    /// <param name="added">Added to each item's product, by item; null adds nothing.</param>
    /// <param name="eligible">Items that may be answered; of its numbers those of the model count.</param>
    /// <param name="excluded">Those of them that may not.</param>
    /// <param name="top">Filled with the best, best first; how many is returned.</param>
    /// <param name="boosts">Of scores.</param>
    public int Best(FactorMatrix vector, AddedScores? added, ItemMask eligible, ItemMask excluded, Span<ScoredItem> top,
        ReadOnlySpan<Boost> boosts = default)
    {
        var heap = new TopHeap(top);
        Offer(vector, added, eligible, excluded, ref heap, boosts);
        return heap.Finish();
    }

    /// <summary>Offers every item that may be answered and may be among the best.</summary>
    public void Offer(FactorMatrix vector, AddedScores? added, ItemMask eligible, ItemMask excluded, ref TopHeap heap,
        ReadOnlySpan<Boost> boosts = default)
    {
        var request = new ScanRequest(items.Rows, vector, added, eligible, excluded, boosts);
        if (heap.IsEmpty) return;
        if (!Begin(0, request, ref heap)) OfferAll(request, ref heap);
        else
        {
            _scans[0].Continue(request, 0, request.Blocks, ref heap);
            _scans[0].End(request, ref heap);
        }
    }

    /// <summary>Fills each query's <see cref="ScanQuery.Top"/> with its best, the same to the bit as one at a time.</summary>
    public void BestOfEach(ReadOnlySpan<ScanQuery> queries)
    {
        foreach (ScanQuery query in queries) query.Found = 0;
        OfferMany(queries);
        foreach (ScanQuery query in queries) query.Found = new TopHeap(query.Top, query.Found).Finish();
    }

    /// <summary>
    /// Offers each query every item that may be among its best: its <see cref="ScanQuery.Top"/> stays a heap, for others to offer to.
    /// </summary>
    public void OfferMany(ReadOnlySpan<ScanQuery> queries)
    {
        for (; queries.Length > QueriesTogether; queries = queries[QueriesTogether..]) OfferTogether(queries[..QueriesTogether]);
        OfferTogether(queries);
    }

    /// <summary>The score of one item, the same to the bit as in <see cref="Best"/>.</summary>
    public float Score(FactorMatrix vector, AddedScores? added, int item, ReadOnlySpan<Boost> boosts = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)items.Rows, nameof(item));
        float* products = stackalloc float[4];
        kernels.Score(items.Start + (nint)(item & ~3) * items.Stride, 4, items.Stride, vector.Start, products);
        GC.KeepAlive(items);
        GC.KeepAlive(vector);
        return ScanRequest.Score(products[item & 3], item, added, boosts);
    }

    private void OfferTogether(ReadOnlySpan<ScanQuery> queries)
    {
        for (int k = 0; k < queries.Length; k++)
        {
            ScanRequest request = Request(queries[k]);
            var heap = new TopHeap(queries[k].Top, queries[k].Found);
            queries[k].IsUnderWay = !heap.IsEmpty && Begin(k, request, ref heap);
            if (!heap.IsEmpty && !queries[k].IsUnderWay) OfferAll(request, ref heap);
            queries[k].Found = heap.Count;
        }
        for (int from = 0; from < codes?.Blocks; from += BlocksTogether)
        {
            int to = Math.Min(codes.Blocks, from + BlocksTogether);
            for (int k = 0; k < queries.Length; k++)
            {
                if (!queries[k].IsUnderWay) continue;
                var heap = new TopHeap(queries[k].Top, queries[k].Found);
                ScanRequest request = Request(queries[k]);
                _scans[k].Continue(request, from, to, ref heap);
                if (to == codes.Blocks) _scans[k].End(request, ref heap);
                queries[k].Found = heap.Count;
            }
        }
    }

    private ScanRequest Request(ScanQuery query) =>
        new(items.Rows, query.Vector, query.Added, query.Eligible, query.Excluded, query.Boosts.AsSpan());

    // False where every item is to be scored.
    private bool Begin(int scan, in ScanRequest request, ref TopHeap heap)
    {
        if (codes is null || heap.Wanted > items.Rows / 4) return false;
        while (_scans.Count <= scan) _scans.Add(new CodedScan(items, kernels, codes, codeKernels ?? CodeKernels.Best));
        return _scans[scan].Begin(request, ref heap);
    }

    private void OfferAll(in ScanRequest request, ref TopHeap heap)
    {
        float* scores = stackalloc float[FactorCodes.Block];
        for (int block = 0; block < request.Blocks; block++)
        {
            ulong open = request.Open(block);
            if (open == 0) continue;
            Multiply(block, open, request.Vector.Start, scores);
            int first = block * FactorCodes.Block;
            for (ulong left = open; left != 0; left &= left - 1)
            {
                int k = BitOperations.TrailingZeroCount(left);
                scores[k] = request.Score(scores[k], first + k);
            }
            if (heap.IsFull) open &= BlockBounds.NotBelow(scores, heap.ThresholdFrom(first));
            for (; open != 0; open &= open - 1)
            {
                int k = BitOperations.TrailingZeroCount(open);
                heap.Offer(first + k, scores[k]);
            }
        }
    }

    private void Multiply(int block, ulong open, float* vector, float* products)
    {
        float* rows = items.Start + (nint)block * FactorCodes.Block * items.Stride;
        if (BitOperations.PopCount(open) > SparseBlock)
        {
            kernels.Score(rows, FactorCodes.Block, items.Stride, vector, products);
            return;
        }
        for (int first = 0; first < FactorCodes.Block; first += 4)
        {
            if ((open >> first & 0xF) != 0) kernels.Score(rows + (nint)first * items.Stride, 4, items.Stride, vector, products + first);
        }
    }
}
