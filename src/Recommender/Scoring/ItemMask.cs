using System.Numerics;
using System.Numerics.Tensors;

namespace Recommender.Scoring;

/// <summary>
/// A set of item numbers, one bit an item: what a filter lets through, what is available, what was seen. Setting and clearing one
/// item is atomic, so that a catalogue may change while requests read; the operations on whole masks are not.
/// </summary>
public sealed class ItemMask
{
    // Bits at and above Length are always 0, so that counting and scanning need no special last word.
    private readonly ulong[] _words;

    /// <summary>An empty set over the item numbers 0 to <paramref name="length"/> - 1.</summary>
    public ItemMask(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _words = new ulong[(length + 63) >> 6];
    }

    /// <summary>How many item numbers the mask covers, set or not.</summary>
    public int Length { get; }

    /// <summary>Item <c>i</c> is bit <c>i &amp; 63</c> of word <c>i >> 6</c>.</summary>
    internal ReadOnlySpan<ulong> Words => _words;

    /// <summary>Sets the words from one on. Not atomic: for a mask that nobody else has yet.</summary>
    /// <param name="words">Without bits at and above <see cref="Length"/>.</param>
    internal void SetWords(int from, ReadOnlySpan<ulong> words) => words.CopyTo(_words.AsSpan(from));

    public bool this[int item]
    {
        get
        {
            Check(item);
            return (Volatile.Read(ref _words[item >> 6]) >> (item & 63) & 1) != 0;
        }
        set
        {
            if (value) Set(item);
            else Clear(item);
        }
    }

    /// <summary>How many items are in the set.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (ulong word in _words) count += BitOperations.PopCount(word);
            return count;
        }
    }

    /// <summary>Puts an item in. Atomic.</summary>
    public void Set(int item)
    {
        Check(item);
        Interlocked.Or(ref _words[item >> 6], 1UL << (item & 63));
    }

    /// <summary>Takes an item out. Atomic.</summary>
    public void Clear(int item)
    {
        Check(item);
        Interlocked.And(ref _words[item >> 6], ~(1UL << (item & 63)));
    }

    /// <summary>Puts every item in.</summary>
    public void SetAll()
    {
        _words.AsSpan().Fill(ulong.MaxValue);
        CutTail();
    }

    /// <summary>Takes every item out.</summary>
    public void ClearAll() => _words.AsSpan().Clear();

    /// <summary>Keeps the items that are also in <paramref name="other"/>.</summary>
    public void And(ItemMask other) => TensorPrimitives.BitwiseAnd<ulong>(_words, SameLength(other)._words, _words);

    /// <summary>Adds the items of <paramref name="other"/>.</summary>
    public void Or(ItemMask other) => TensorPrimitives.BitwiseOr<ulong>(_words, SameLength(other)._words, _words);

    /// <summary>Swaps what is in with what is out.</summary>
    public void Not()
    {
        TensorPrimitives.OnesComplement<ulong>(_words, _words);
        CutTail();
    }

    /// <summary>Makes this set equal to <paramref name="other"/>, allocating nothing.</summary>
    public void CopyFrom(ItemMask other) => SameLength(other)._words.CopyTo(_words, 0);

    public ItemMask Clone()
    {
        var copy = new ItemMask(Length);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>A copy that covers more item numbers; those that are new are not in it.</summary>
    public ItemMask Grown(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, Length);
        var copy = new ItemMask(length);
        _words.CopyTo(copy._words, 0);
        return copy;
    }

    private void CutTail()
    {
        if ((Length & 63) != 0) _words[^1] &= (1UL << (Length & 63)) - 1;
    }

    private void Check(int item)
    {
        if ((uint)item >= (uint)Length)
            throw new ArgumentOutOfRangeException(nameof(item), item, $"The mask covers the item numbers 0 to {Length - 1}.");
    }

    private ItemMask SameLength(ItemMask other) => other.Length == Length
        ? other
        : throw new ArgumentException($"A mask over {other.Length} items does not fit one over {Length}.", nameof(other));
}
