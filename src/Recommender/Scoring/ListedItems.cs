using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Recommender.Factorization;

namespace Recommender.Scoring;

/// <summary>
/// Items that wait to be bounded: few of each block, so that only their codes are read. They are asked for when an item comes.
/// </summary>
internal sealed unsafe class ListedItems(FactorCodes codes, CodeKernels kernels)
{
    private const int Room = 64;

    private const int CacheLine = 64;

    private readonly byte* _codes = codes.OfBlock(0);
    private readonly float* _scales = codes.Scales, _errors = codes.Errors, _reaches = codes.Reaches;
    private readonly int _rowBytes = codes.RowBytes;
    // Three more fill up a group of four.
    private readonly int[] _items = GC.AllocateArray<int>(Room + FactorCodes.Block + 3, pinned: true);
    private readonly float[] _bounds = GC.AllocateArray<float>(Room + FactorCodes.Block + 3, pinned: true);
    private int _count;
    private float _reach;

    public bool IsFull => _count >= Room;

    public int this[int at] => _items[at];

    public void Clear() => (_count, _reach) = (0, 0);

    public void Add(int block, ulong open)
    {
        _reach = Math.Max(_reach, _reaches[block]);
        int* items = Items;
        int count = _count;
        for (; open != 0; open &= open - 1)
        {
            int item = block * FactorCodes.Block + BitOperations.TrailingZeroCount(open);
            items[count++] = item;
            if (!Sse.IsSupported) continue;
            byte* row = _codes + (nint)item * _rowBytes;
            for (int at = 0; at < _rowBytes; at += CacheLine) Sse.Prefetch0(row + at);
            Sse.Prefetch0(_scales + item);
            Sse.Prefetch0(_errors + item);
        }
        _count = count;
    }

    /// <summary>Bounds the products of all with a vector; how many there are.</summary>
    public int Bound(QueryCodes query)
    {
        int* items = Items;
        for (int k = _count; k % 4 != 0; k++) items[k] = items[0];
        float more = _reach * query.Error;
        int zero = FactorCodes.Zero * query.Sum;
        float* bounds = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bounds));
        for (int k = 0; k < _count; k += 4)
        {
            int a = items[k], b = items[k + 1], c = items[k + 2], d = items[k + 3];
            Vector128<float> scales = Vector128.Create(_scales[a], _scales[b], _scales[c], _scales[d]);
            Vector128<float> errors = Vector128.Create(_errors[a], _errors[b], _errors[c], _errors[d]);
            Vector128<int> products = kernels.MultiplyFour(_codes, items + k, _rowBytes, query.Codes);
            BlockBounds.OfProducts(products, zero, query.Scale, scales, query.Norm, errors, more).Store(bounds + k);
        }
        return _count;
    }

    /// <summary>Of four items.</summary>
    public Vector128<float> Bounds(int at) => Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_bounds), (nuint)at);

    /// <summary>Bounds the open items of a block, while none waits.</summary>
    public void BoundBlock(int block, ulong open, QueryCodes query, float* bounds)
    {
        Add(block, open);
        int count = Bound(query);
        for (int k = 0; k < count; k++) bounds[_items[k] % FactorCodes.Block] = _bounds[k];
        Clear();
    }

    private int* Items => (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_items));
}
