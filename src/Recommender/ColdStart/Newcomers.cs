using System.Collections.Immutable;
using System.Numerics;
using Recommender.Factorization;

namespace Recommender.ColdStart;

/// <summary>
/// The items of a catalogue that the live model has not learned, placed by their attributes. Their numbers follow the model's, as in the
/// catalogue's view; they lie in blocks of 64, as words of a mask do, and their factors in fours, as the
/// kernels take them. Immutable: a change copies the blocks and the fours it touches and no others, a few kilobytes on the ordinary heap.
/// </summary>
public sealed class Newcomers
{
    /// <summary>Rows whose factors lie, and are copied, together.</summary>
    internal const int Four = 4;

    private const int BlockItems = 64;

    private readonly ImmutableArray<Block?> _blocks;
    private readonly int _firstWord;

    private Newcomers(int known, ImmutableArray<Block?> blocks) => (KnownItems, _firstWord, _blocks) = (known, known / BlockItems, blocks);

    /// <summary>None, behind a model of so many items.</summary>
    public static Newcomers None(int knownItems) => new(knownItems, []);

    /// <summary>How many items the model knows: the lowest number a newcomer can have.</summary>
    public int KnownItems { get; }

    /// <summary>All numbers are below this.</summary>
    public int Length => (_firstWord + _blocks.Length) * BlockItems;

    public int Count => _blocks.Sum(block => block is null ? 0 : BitOperations.PopCount(block.Placed));

    /// <summary>The numbers of all, in order.</summary>
    public IEnumerable<int> Numbers => Enumerable.Range(KnownItems, Math.Max(0, Length - KnownItems)).Where(Contains);

    /// <summary>Whether an item has a place among the others by its attributes.</summary>
    public bool Contains(int number) => Find(number) is not null;

    /// <summary>The known items that speak for a newcomer, and how much each: what is known of them stands for what is not known of it.</summary>
    public bool TryGetLookalikes(int number, out ImmutableArray<int> items, out ImmutableArray<float> shares)
    {
        Newcomer? newcomer = Find(number);
        (items, shares) = newcomer is null ? ([], []) : (newcomer.Lookalikes, newcomer.Shares);
        return newcomer is not null;
    }

    internal Newcomer? Find(int number)
    {
        int at = number / BlockItems - _firstWord;
        return number >= KnownItems && at < _blocks.Length ? _blocks[at]?.Items[number % BlockItems] : null;
    }

    /// <summary>The blocks, the first of them for the word of a mask in which the model's items end; null where nobody is.</summary>
    internal ReadOnlySpan<Block?> Blocks => _blocks.AsSpan();

    internal int FirstWord => _firstWord;

    /// <summary>These with some changed; null takes one out.</summary>
    /// <exception cref="ArgumentException">One looks like an item that the model does not know, or has not a share for each.</exception>
    public Newcomers With(IReadOnlyCollection<(int Number, Newcomer? Placed)> changes, int factors)
    {
        if (changes.Count == 0) return this;
        foreach ((int number, Newcomer? placed) in changes) RequireLookalikes(number, placed);
        int last = changes.Max(change => change.Number) / BlockItems - _firstWord;
        var blocks = _blocks.ToBuilder();
        while (blocks.Count <= last) blocks.Add(null);
        foreach (IGrouping<int, (int Number, Newcomer? Placed)> ofBlock in changes.Where(change => change.Number >= KnownItems)
            .GroupBy(change => change.Number / BlockItems - _firstWord))
        {
            Block? before = blocks[ofBlock.Key];
            if (before is null && ofBlock.All(change => change.Placed is null)) continue;
            var block = new Block(factors, before);
            foreach ((int number, Newcomer? placed) in ofBlock) block.Set(number % BlockItems, placed);
            blocks[ofBlock.Key] = block.Placed == 0 ? null : block;
        }
        return new Newcomers(KnownItems, blocks.ToImmutable());
    }

    // What is known of them is read without looking again.
    private void RequireLookalikes(int number, Newcomer? placed)
    {
        if (placed is null) return;
        if (placed.Shares.Length != placed.Lookalikes.Length)
        {
            throw new ArgumentException(
                $"Newcomer {number} looks like {placed.Lookalikes.Length} items and has {placed.Shares.Length} shares: give one for each.",
                nameof(placed));
        }
        foreach (int item in placed.Lookalikes)
        {
            if ((uint)item >= (uint)KnownItems)
            {
                throw new ArgumentException(
                    $"Newcomer {number} looks like item {item}, but the model knows {KnownItems} items, numbered from 0.", nameof(placed));
            }
        }
    }

    /// <summary>64 numbers, as a word of a mask.</summary>
    internal sealed class Block
    {
        private readonly float[]?[] _fours = new float[]?[BlockItems / Four];
        private readonly int _factors;
        private int _own; // bit k: four k is this block's alone, and may be written while it is made

        public Block(int factors, Block? before)
        {
            (_factors, Stride, Terms) = (factors, FactorMatrix.StrideFor(factors), new NewcomerTerms(before?.Terms));
            if (before is null) return;
            before._fours.CopyTo(_fours, 0);
            before.Items.CopyTo(Items, 0);
            Placed = before.Placed;
        }

        /// <summary>Floats from one row to the next.</summary>
        public int Stride { get; }

        public Newcomer?[] Items { get; } = new Newcomer?[BlockItems];

        public NewcomerTerms Terms { get; }

        /// <summary>Bit k where number k of the word is placed.</summary>
        public ulong Placed { get; private set; }

        /// <summary>The four rows, with their padding, that one of the word's numbers lies among; of those that are not placed, zeros.</summary>
        public ReadOnlySpan<float> RowsAround(int at) => _fours[at / Four];

        public ReadOnlySpan<float> PaddedRow(int at) => RowsAround(at).Slice(at % Four * Stride, Stride);

        internal void Set(int at, Newcomer? newcomer)
        {
            // The vector lies in the row.
            Items[at] = newcomer is null ? null : newcomer with { Vector = [] };
            Terms.Set(at, newcomer, Stride);
            Placed = newcomer is null ? Placed & ~(1UL << at) : Placed | 1UL << at;
            int four = at / Four;
            if ((Placed >> four * Four & (1UL << Four) - 1) == 0)
            {
                _fours[four] = null;
                return;
            }
            if ((_own & 1 << four) == 0 || _fours[four] is null) _fours[four] = _fours[four]?.ToArray() ?? new float[Four * Stride];
            _own |= 1 << four;
            Span<float> row = _fours[four].AsSpan(at % Four * Stride, _factors);
            if (newcomer is null) row.Clear();
            else newcomer.Vector.CopyTo(row);
        }
    }
}
