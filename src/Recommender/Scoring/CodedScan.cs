using System.Numerics;
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

    // So few items are scored sooner than bounded.
    private const int Few = 4;

    private readonly QueryCodes _query = new(items.Stride);
    private readonly CandidateQueue _candidates = new(items, kernels);
    private readonly int[] _starts = new int[MostStarts];
    private readonly float[] _startBounds = GC.AllocateArray<float>(MostStarts * Block, pinned: true);
    private readonly ulong[] _startItems = new ulong[MostStarts];
    private int _startCount;

    /// <summary>Takes a query up and offers the most promising items; false where its vector has no bounds.</summary>
    public bool Begin(in ScanRequest request, ref TopHeap heap)
    {
        if (!_query.TryRead(request.Vector.Padded[..items.Stride])) return false;
        ChooseStarts(request, Math.Clamp(heap.Wanted / 8, LeastStarts, MostStarts));
        fixed (float* bounds = _startBounds)
        {
            for (int k = 0; k < _startCount; k++)
            {
                _startItems[k] = request.Open(_starts[k]);
                Bound(request, _starts[k], bounds + k * Block);
            }
            OfferGreatest(request, bounds, ref heap);
            for (int k = 0; k < _startCount; k++)
                Enqueue(request, _starts[k], _startItems[k] & BlockBounds.NotBelow(bounds + k * Block, heap.ThresholdFrom(_starts[k] * Block)), bounds + k * Block, ref heap);
        }
        _candidates.Offer(request, ref heap);
        return true;
    }

    /// <summary>Goes on with the blocks of a range that begins with a multiple of <see cref="FactorCodes.BlocksAtOnce"/>.</summary>
    public void Continue(in ScanRequest request, int from, int to, ref TopHeap heap)
    {
        float* bounds = stackalloc float[Block];
        ReadOnlySpan<int> starts = _starts.AsSpan(0, _startCount);
        for (int first = from; first < to; first += FactorCodes.BlocksAtOnce)
        {
            uint promising = Promising(request, first, heap.ThresholdFrom(first * Block));
            for (; promising != 0; promising &= promising - 1)
            {
                int block = first + BitOperations.TrailingZeroCount(promising);
                if (block >= to) break;
                if (!starts.Contains(block)) Visit(request, block, bounds, ref heap);
            }
        }
        _candidates.Offer(request, ref heap);
    }

    private void Visit(in ScanRequest request, int block, float* bounds, ref TopHeap heap)
    {
        ulong open = request.Open(block);
        if (open == 0) return;
        float threshold = heap.ThresholdFrom(block * Block);
        if (BitOperations.PopCount(open) <= Few || request.Added is not null)
        {
            BlockBounds.Fill(codes.Norms[block] * _query.Norm, bounds);
            open &= Raised(request, block, bounds, threshold);
        }
        if (BitOperations.PopCount(open) > Few)
        {
            Bound(request, block, bounds);
            open &= BlockBounds.NotBelow(bounds, threshold);
        }
        Enqueue(request, block, open, bounds, ref heap);
    }

    private void Enqueue(in ScanRequest request, int block, ulong open, float* bounds, ref TopHeap heap)
    {
        for (; open != 0; open &= open - 1)
        {
            int k = BitOperations.TrailingZeroCount(open);
            _candidates.Add(block * Block + k, bounds[k]);
        }
        if (_candidates.IsFull) _candidates.Offer(request, ref heap);
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
            uint promising = ~Vector256.LessThan(bound, Vector256.Create(heap.ThresholdFrom(first))).ExtractMostSignificantBits() & 0xFF;
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

    // Scores first what is likely to win: the threshold is then nearly what it will be.
    private void OfferGreatest(in ScanRequest request, float* bounds, ref TopHeap heap)
    {
        Span<ScoredItem> greatest = stackalloc ScoredItem[Block];
        var best = new TopHeap(greatest[..Math.Min(Block, heap.Wanted)]);
        for (int k = 0; k < _startCount; k++)
        {
            for (ulong open = _startItems[k] & BlockBounds.NotBelow(bounds + k * Block, best.ThresholdFrom(k * Block)); open != 0; open &= open - 1)
            {
                int at = k * Block + BitOperations.TrailingZeroCount(open);
                best.Offer(at, bounds[at]);
            }
        }
        int count = best.Finish();
        for (int k = 0; k < count; k++)
        {
            int at = greatest[k].Item;
            _startItems[at / Block] &= ~(1UL << at % Block);
            _candidates.Add(_starts[at / Block] * Block + at % Block, float.PositiveInfinity);
        }
        _candidates.Offer(request, ref heap);
    }

    // What each item of a block scores at most, by its codes.
    private void Bound(in ScanRequest request, int block, float* bounds)
    {
        int* products = stackalloc int[Block];
        nint first = (nint)block * Block;
        codeKernels.Multiply(codes.OfBlock(block), codes.Steps, _query.Codes, products);
        BlockBounds.OfProducts(products, FactorCodes.Zero * _query.Sum, _query.Scale, codes.Scales + first, _query.Norm, codes.Errors + first,
            codes.Reaches[block] * _query.Error, bounds);
        Raise(request, block, bounds);
    }

    private static ulong Raised(in ScanRequest request, int block, float* bounds, float threshold)
    {
        Raise(request, block, bounds);
        return BlockBounds.NotBelow(bounds, threshold);
    }

    // From what products are at most to what scores are: neither step ever lowers one item's below what another's greater product gives.
    private static void Raise(in ScanRequest request, int block, float* bounds)
    {
        if (request.Added is not null) BlockBounds.Add(request.Added, block, bounds);
        if (!Boost.Touches(request.Boosts, block)) return;
        for (int k = 0; k < Block; k++) bounds[k] = Boost.Applied(bounds[k], Boost.FactorOf(request.Boosts, block * Block + k));
    }

    // The blocks of eight that may hold an item which is not below.
    private uint Promising(in ScanRequest request, int first, float threshold) =>
        ~Vector256.LessThan(OfBlocks(request, first), Vector256.Create(threshold)).ExtractMostSignificantBits() & 0xFF;

    // What the items of each of eight blocks score at most.
    private Vector256<float> OfBlocks(in ScanRequest request, int first)
    {
        Vector256<float> bound = Vector256.Load(codes.Norms + first) * _query.Norm;
        if (request.Added is { } added)
        {
            bound += Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(added.Greatest), (nuint)first)
                + added.Weight * Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(added.GreatestFixed), (nuint)first);
        }
        if (request.Boosts.IsEmpty) return bound;
        for (int k = 0; k < FactorCodes.BlocksAtOnce; k++)
            bound = bound.WithElement(k, Boost.Applied(bound[k], Boost.FactorBound(request.Boosts, first + k)));
        return bound;
    }
}
