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
    private const int Few = 1;

    // Parts of a block that are multiplied sooner one by one than with the rest.
    private const int MostParts = 2;

    private const ulong OfPart = (1UL << CodeKernels.PartItems) - 1;

    // Into pinned memory that the codes keep.
    private readonly byte* _codes = codes.OfBlock(0);
    private readonly float* _scales = codes.Scales, _errors = codes.Errors, _norms = codes.Norms, _reaches = codes.Reaches;
    private readonly nint _blockBytes = (nint)Block * items.Stride / 2;
    private readonly int _blocks = codes.Blocks, _steps = codes.Steps;
    private readonly QueryCodes _query = new(items.Stride);
    // Those that probably win are scored soon, since they raise the threshold, the others when it is nearly what it will be.
    private readonly CandidateQueue _likely = new(items, kernels, room: 3);
    private readonly CandidateQueue _possible = new(items, kernels, room: 2000);
    private readonly int[] _starts = new int[MostStarts];
    private readonly float[] _startBounds = GC.AllocateArray<float>(MostStarts * Block, pinned: true);
    private readonly ulong[] _startItems = new ulong[MostStarts];
    private int _startCount;

    /// <summary>Takes a query up and offers the most promising items; false where its vector has no bounds.</summary>
    public bool Begin(in ScanRequest request, ref TopHeap heap)
    {
        if (!_query.TryRead(request.Vector.Padded[..items.Stride])) return false;
        _likely.Clear();
        _possible.Clear();
        ChooseStarts(request, Math.Clamp(heap.Wanted / 8, LeastStarts, MostStarts));
        fixed (float* bounds = _startBounds)
        {
            for (int k = 0; k < _startCount; k++)
            {
                _startItems[k] = request.Open(_starts[k]);
                Bound(request, _starts[k], _startItems[k], bounds + k * Block);
            }
            OfferGreatest(request, bounds, ref heap);
            for (int k = 0; k < _startCount; k++)
                Enqueue(request, _starts[k], _startItems[k] & BlockBounds.NotBelow(bounds + k * Block, heap.ThresholdFrom(_starts[k] * Block)), bounds + k * Block, ref heap);
        }
        return true;
    }

    /// <summary>Offers what has waited for the threshold to rise.</summary>
    public void End(in ScanRequest request, ref TopHeap heap)
    {
        _likely.Offer(request, ref heap);
        _possible.Offer(request, ref heap);
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
    }

    private void Visit(in ScanRequest request, int block, float* bounds, ref TopHeap heap)
    {
        ulong open = request.Open(block);
        if (open == 0) return;
        float threshold = heap.ThresholdFrom(block * Block);
        if (BitOperations.PopCount(open) <= Few || request.Added is not null || !request.Boosts.IsEmpty)
        {
            BlockBounds.Fill(_norms[block] * _query.Norm, bounds);
            open &= Raised(request, block, bounds, threshold);
        }
        if (BitOperations.PopCount(open) > Few)
        {
            Bound(request, block, open, bounds);
            open &= BlockBounds.NotBelow(bounds, threshold);
        }
        Enqueue(request, block, open, bounds, ref heap);
    }

    private void Enqueue(in ScanRequest request, int block, ulong open, float* bounds, ref TopHeap heap)
    {
        // Roundings rarely add up to nearly what they may: the bound less what they may is about the score.
        float likely = heap.ThresholdFrom(0) + 0.8f * (_reaches[block] - _norms[block]) * _query.Norm + _reaches[block] * _query.Error;
        for (; open != 0; open &= open - 1)
        {
            int k = BitOperations.TrailingZeroCount(open);
            (bounds[k] < likely ? _possible : _likely).Add(block * Block + k, bounds[k]);
        }
        if (_likely.IsFull) _likely.Offer(request, ref heap);
        if (!_possible.IsFull) return;
        _possible.Sift(heap.ThresholdFrom(0));
        if (_possible.IsHalfFull) End(request, ref heap);
    }

    // The blocks with the greatest bounds.
    private void ChooseStarts(in ScanRequest request, int wanted)
    {
        Span<ScoredItem> chosen = stackalloc ScoredItem[MostStarts];
        var heap = new TopHeap(chosen[..wanted]);
        float* bounds = stackalloc float[FactorCodes.BlocksAtOnce];
        for (int first = 0; first < _blocks; first += FactorCodes.BlocksAtOnce)
        {
            Vector256<float> bound = OfBlocks(request, first);
            uint promising = ~Vector256.LessThan(bound, Vector256.Create(heap.ThresholdFrom(first))).ExtractMostSignificantBits() & 0xFF;
            if (promising == 0) continue;
            bound.Store(bounds);
            for (; promising != 0; promising &= promising - 1)
            {
                int k = BitOperations.TrailingZeroCount(promising);
                if (first + k < _blocks && request.Open(first + k) != 0) heap.Offer(first + k, bounds[k]);
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
            _likely.Add(_starts[at / Block] * Block + at % Block, float.PositiveInfinity);
        }
        _likely.Offer(request, ref heap);
    }

    // What the open items of a block score at most, by their codes.
    private void Bound(in ScanRequest request, int block, ulong open, float* bounds)
    {
        int* products = stackalloc int[Block];
        byte* of = _codes + block * _blockBytes;
        if (CountParts(open) > MostParts)
        {
            codeKernels.Multiply(of, _steps, _query.Codes, products);
            Bound(block, 0, Block, products, bounds);
        }
        else
        {
            for (int first = 0; first < Block; first += CodeKernels.PartItems)
            {
                if ((open >> first & OfPart) == 0) continue;
                codeKernels.MultiplyPart(of + first * 4, _steps, _query.Codes, products + first);
                Bound(block, first, CodeKernels.PartItems, products, bounds);
            }
        }
        Raise(request, block, bounds);
    }

    private void Bound(int block, int first, int count, int* products, float* bounds)
    {
        nint at = (nint)block * Block + first;
        BlockBounds.OfProducts(products + first, count, FactorCodes.Zero * _query.Sum, _query.Scale, _scales + at, _query.Norm, _errors + at,
            _reaches[block] * _query.Error, bounds + first);
    }

    private static int CountParts(ulong open)
    {
        int count = 0;
        for (int first = 0; first < Block; first += CodeKernels.PartItems) count += (open >> first & OfPart) == 0 ? 0 : 1;
        return count;
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
        if (request.Boosts.IsEmpty) return;
        float* factors = stackalloc float[Block];
        BlockBounds.Fill(1, factors);
        if (Boost.Multiply(request.Boosts, block, factors)) BlockBounds.Boost(factors, bounds, Block);
    }

    // The blocks of eight that may hold an item which is not below.
    private uint Promising(in ScanRequest request, int first, float threshold) =>
        ~Vector256.LessThan(OfBlocks(request, first), Vector256.Create(threshold)).ExtractMostSignificantBits() & 0xFF;

    // What the items of each of eight blocks score at most.
    private Vector256<float> OfBlocks(in ScanRequest request, int first)
    {
        Vector256<float> bound = Vector256.Load(_norms + first) * _query.Norm;
        if (request.Added is { } added)
        {
            bound += Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(added.Greatest), (nuint)first)
                + added.Weight * Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(added.GreatestFixed), (nuint)first);
        }
        if (request.Boosts.IsEmpty) return bound;
        float* bounds = stackalloc float[FactorCodes.BlocksAtOnce], factors = stackalloc float[FactorCodes.BlocksAtOnce];
        bound.Store(bounds);
        Vector256<float>.One.Store(factors);
        Boost.MultiplyBounds(request.Boosts, first, FactorCodes.BlocksAtOnce, factors);
        BlockBounds.Boost(factors, bounds, FactorCodes.BlocksAtOnce);
        return Vector256.Load(bounds);
    }
}
