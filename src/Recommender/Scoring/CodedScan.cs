using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Recommender.Factorization;

namespace Recommender.Scoring;

/// <summary>
/// One query's way through the blocks of codes. A block whose longest row cannot win is passed over, of the others each item's bound says
/// whether it is scored. It begins where the bounds are greatest, so that the threshold is high from then on; where blocks are in falling
/// order of length that is also where they end. Bounds are at least the score that the kernels round, so answers are exact in any order.
/// </summary>
/// <remarks>Comparisons are written so that a bound that is no number excludes nothing.</remarks>
internal sealed unsafe class CodedScan(FactorMatrix items, VectorKernels kernels, FactorCodes codes, CodeKernels codeKernels)
{
    private const int Block = FactorCodes.Block;

    private const int LeastStarts = 16, MostStarts = 64;

    // Blocks whose bounds are kept: until then the threshold has risen to nearly what it will be.
    private const int MostKept = 256, MostListed = 1024;

    // With more open items a block is bounded whole, else those that are open.
    private const int Sparse = 24;

    // Into pinned memory that the codes keep.
    private readonly byte* _codes = codes.OfBlock(0);
    private readonly float* _scales = codes.Scales, _errors = codes.Errors, _norms = codes.Norms, _reaches = codes.Reaches;
    private readonly int _rowBytes = codes.RowBytes;
    private readonly QueryCodes _query = new(codes.RowBytes);
    private readonly CandidateQueue _likely = new(items, kernels, room: 3), _possible = new(items, kernels, room: Block);
    private readonly ListedItems _listed = new(codes, codeKernels);
    private readonly CandidateQueue _listedPossible = new(items, kernels, room: MostListed);
    private readonly int[] _starts = new int[MostStarts];
    private readonly int[] _kept = new int[MostKept];
    private readonly ulong[] _keptItems = new ulong[MostKept];
    private readonly float[] _keptBounds = GC.AllocateArray<float>(MostKept * Block, pinned: true);
    private int _startCount;
    private int _keptCount;

    /// <summary>Takes a query up and offers the most promising items; false where its vector has no bounds.</summary>
    public bool Begin(in ScanRequest request, ref TopHeap heap)
    {
        if (!_query.TryRead(request.Vector.Padded[..items.Stride])) return false;
        _likely.Clear();
        _possible.Clear();
        _listed.Clear();
        _listedPossible.Clear();
        ChooseStarts(request, Math.Clamp(heap.Wanted / 8, LeastStarts, MostStarts));
        for (_keptCount = 0; _keptCount < _startCount; _keptCount++)
        {
            int block = _starts[_keptCount];
            (_kept[_keptCount], _keptItems[_keptCount]) = (block, request.Open(block));
            Bound(request, block, _keptItems[_keptCount], KeptBounds(_keptCount));
        }
        OfferGreatest(request, ref heap);
        for (int k = 0; k < _keptCount; k++) _keptItems[k] = WithoutLikely(request, _kept[k], _keptItems[k], KeptBounds(k), ref heap);
        return true;
    }

    /// <summary>Goes on with the blocks of a range that begins with a multiple of <see cref="FactorCodes.BlocksAtOnce"/>.</summary>
    public void Continue(in ScanRequest request, int from, int to, ref TopHeap heap)
    {
        ReadOnlySpan<int> starts = _starts.AsSpan(0, _startCount);
        for (int first = from; first < to; first += FactorCodes.BlocksAtOnce)
        {
            float threshold = heap.ThresholdFrom(first * Block);
            uint promising = Promising(request, first, threshold);
            for (; promising != 0; promising &= promising - 1)
            {
                int block = first + BitOperations.TrailingZeroCount(promising);
                if (block >= to) break;
                if (!starts.Contains(block)) Visit(request, block, ref heap);
            }
        }
    }

    /// <summary>Offers what has waited for the threshold to rise.</summary>
    public void End(in ScanRequest request, ref TopHeap heap)
    {
        BoundListed(request, ref heap);
        _likely.Offer(request, ref heap);
        _listedPossible.Offer(request, ref heap);
        OfferKept(request, ref heap);
    }

    private void OfferKept(in ScanRequest request, ref TopHeap heap)
    {
        _likely.Offer(request, ref heap);
        for (int k = 0; k < _keptCount; k++)
        {
            float* bounds = KeptBounds(k);
            ulong open = _keptItems[k] & BlockBounds.NotBelow(bounds, heap.ThresholdFrom(_kept[k] * Block));
            for (; open != 0; open &= open - 1)
            {
                int at = BitOperations.TrailingZeroCount(open);
                _possible.Add(_kept[k] * Block + at, bounds[at]);
            }
            if (_possible.IsFull) _possible.Offer(request, ref heap);
        }
        _possible.Offer(request, ref heap);
        _keptCount = 0;
    }

    private float* KeptBounds(int kept) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_keptBounds)) + kept * Block;

    private void Visit(in ScanRequest request, int block, ref TopHeap heap)
    {
        ulong open = request.Open(block);
        if (open == 0) return;
        if (_keptCount == MostKept) OfferKept(request, ref heap);
        float threshold = heap.ThresholdFrom(block * Block);
        float* bounds = KeptBounds(_keptCount);
        if (BitOperations.PopCount(open) > Sparse && Raises(request))
        {
            BlockBounds.Fill(_norms[block] * _query.Norm, bounds);
            Raise(request, block, bounds);
            open &= BlockBounds.NotBelow(bounds, threshold);
        }
        if (BitOperations.PopCount(open) <= Sparse)
        {
            _listed.Add(block, open);
            if (_listed.IsFull) BoundListed(request, ref heap);
            return;
        }
        open &= BoundWhole(request, block, threshold, bounds);
        if (open == 0) return;
        (_kept[_keptCount], _keptItems[_keptCount]) = (block, WithoutLikely(request, block, open, bounds, ref heap));
        if (_keptItems[_keptCount] != 0) _keptCount++;
    }

    // Scores soon what probably wins, since that raises the threshold. Roundings rarely add up to what they may: the bound less that is
    // about the score.
    private ulong WithoutLikely(in ScanRequest request, int block, ulong open, float* bounds, ref TopHeap heap)
    {
        ulong likely = open & BlockBounds.NotBelow(bounds, _errors + (nint)block * Block, _query.Norm, _reaches[block] * _query.Error,
            heap.ThresholdFrom(0));
        for (ulong left = likely; left != 0; left &= left - 1)
        {
            int k = BitOperations.TrailingZeroCount(left);
            _likely.Add(block * Block + k, bounds[k]);
        }
        if (_likely.IsFull) _likely.Offer(request, ref heap);
        return open & ~likely;
    }

    // The blocks with the greatest bounds.
    private void ChooseStarts(in ScanRequest request, int wanted)
    {
        Span<ScoredItem> chosen = stackalloc ScoredItem[MostStarts];
        var heap = new TopHeap(chosen[..wanted]);
        float* bounds = stackalloc float[FactorCodes.BlocksAtOnce];
        for (int first = 0; first < codes.Blocks; first += FactorCodes.BlocksAtOnce)
        {
            Vector256<float> bound = OfBlocks(request, first);
            uint promising = NotBelow(bound, heap.ThresholdFrom(first));
            if (promising == 0) continue;
            bound.Store(bounds);
            for (; promising != 0; promising &= promising - 1)
            {
                int k = BitOperations.TrailingZeroCount(promising);
                if (first + k < codes.Blocks && request.Open(first + k) != 0) heap.Offer(first + k, bounds[k]);
            }
        }
        _startCount = heap.Finish();
        for (int k = 0; k < _startCount; k++) _starts[k] = chosen[k].Item;
    }

    // Scores first those of the kept with the greatest bounds.
    private void OfferGreatest(in ScanRequest request, ref TopHeap heap)
    {
        Span<ScoredItem> greatest = stackalloc ScoredItem[Block];
        var best = new TopHeap(greatest[..Math.Min(Block, heap.Wanted)]);
        float* bounds = KeptBounds(0);
        for (int k = 0; k < _keptCount; k++)
        {
            ulong open = _keptItems[k] & BlockBounds.NotBelow(bounds + k * Block, best.ThresholdFrom(k * Block));
            for (; open != 0; open &= open - 1)
            {
                int at = k * Block + BitOperations.TrailingZeroCount(open);
                best.Offer(at, bounds[at]);
            }
        }
        for (int k = 0; k < best.Count; k++)
        {
            int kept = greatest[k].Item / Block, at = greatest[k].Item % Block;
            _keptItems[kept] &= ~(1UL << at);
            _likely.Add(_kept[kept] * Block + at, float.PositiveInfinity);
        }
        _likely.Offer(request, ref heap);
    }

    // What the open items of a block score at most, by their codes, while none is listed.
    private void Bound(in ScanRequest request, int block, ulong open, float* bounds)
    {
        if (BitOperations.PopCount(open) > Sparse) BoundWhole(request, block, float.NegativeInfinity, bounds);
        else
        {
            _listed.BoundBlock(block, open, _query, bounds);
            Raise(request, block, bounds);
        }
    }

    // Also tells who is not below.
    private ulong BoundWhole(in ScanRequest request, int block, float threshold, float* bounds)
    {
        nint first = (nint)block * Block;
        int* products = (int*)bounds;
        codeKernels.Multiply(_codes + first * _rowBytes, Block, _rowBytes, _query.Codes, products);
        ulong notBelow = BlockBounds.OfProducts(products, FactorCodes.Zero * _query.Sum, _query.Scale, _scales + first, _query.Norm,
            _errors + first, _reaches[block] * _query.Error, threshold, bounds);
        if (!Raises(request)) return notBelow;
        Raise(request, block, bounds);
        return BlockBounds.NotBelow(bounds, threshold);
    }

    // Of the items that are alone in their blocks those that may win wait, or are scored soon where they probably do.
    private void BoundListed(in ScanRequest request, ref TopHeap heap)
    {
        int count = _listed.Bound(_query);
        for (int k = 0; k < count; k += 4)
        {
            Vector128<float> bounds = _listed.Bounds(k);
            if (Raises(request))
            {
                for (int j = 0; j < 4; j++) bounds = bounds.WithElement(j, request.Score(bounds.GetElement(j), _listed[k + j]));
            }
            uint promising = ~Vector128.LessThan(bounds, Vector128.Create(heap.ThresholdFrom(0))).ExtractMostSignificantBits() & 0xF;
            for (; promising != 0; promising &= promising - 1)
            {
                int j = BitOperations.TrailingZeroCount(promising);
                if (k + j >= count) break;
                int item = _listed[k + j];
                float bound = bounds.GetElement(j), off = _errors[item] * _query.Norm + _reaches[item / Block] * _query.Error;
                if (bound - off >= heap.ThresholdFrom(0)) _likely.Add(item, bound);
                else _listedPossible.Add(item, bound);
            }
            if (_likely.IsFull) _likely.Offer(request, ref heap);
            if (_listedPossible.IsFull) _listedPossible.Offer(request, ref heap);
        }
        _listed.Clear();
    }

    private static bool Raises(in ScanRequest request) => request.Added is not null || !request.Boosts.IsEmpty;

    // From what products are at most to what scores are: no step turns around which of two is greater.
    private static void Raise(in ScanRequest request, int block, float* bounds)
    {
        if (request.Added is not null) BlockBounds.Add(request.Added, block, bounds);
        if (request.Boosts.IsEmpty) return;
        float* factors = stackalloc float[Block];
        BlockBounds.Fill(1, factors);
        if (Boost.Multiply(request.Boosts, block, factors)) BlockBounds.Boost(factors, bounds, Block);
    }

    // The blocks of eight that may hold an item which is not below.
    private uint Promising(in ScanRequest request, int first, float threshold) => NotBelow(OfBlocks(request, first), threshold);

    private static uint NotBelow(Vector256<float> bounds, float threshold) =>
        ~Vector256.LessThan(bounds, Vector256.Create(threshold)).ExtractMostSignificantBits() & 0xFF;

    // What the items of each of eight blocks score at most.
    private Vector256<float> OfBlocks(in ScanRequest request, int first)
    {
        Vector256<float> bound = Vector256.Load(_norms + first) * _query.Norm;
        if (request.Added is { } added)
        {
            bound += Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(added.Greatest), (nuint)first)
                + added.Weight * Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(added.GreatestFixed), (nuint)first);
        }
        return request.Boosts.IsEmpty ? bound : Boosted(request, first, bound);
    }

    private static Vector256<float> Boosted(in ScanRequest request, int first, Vector256<float> bound)
    {
        float* bounds = stackalloc float[FactorCodes.BlocksAtOnce], factors = stackalloc float[FactorCodes.BlocksAtOnce];
        bound.Store(bounds);
        Vector256<float>.One.Store(factors);
        Boost.MultiplyBounds(request.Boosts, first, FactorCodes.BlocksAtOnce, factors);
        BlockBounds.Boost(factors, bounds, FactorCodes.BlocksAtOnce);
        return Vector256.Load(bounds);
    }
}
