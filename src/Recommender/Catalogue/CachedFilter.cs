using System.Numerics;
using Recommender.Expressions;
using Recommender.Scoring;

namespace Recommender.Catalogue;

/// <summary>A filter and the items it is true for, as they are now.</summary>
internal sealed class CachedFilter(ItemPredicate predicate, ItemMask mask) : Kept
{
    public ItemPredicate Predicate => predicate;

    public ItemMask Mask => mask;

    public void Judge(int number, Item? item) => mask[number] = item is not null && predicate.Matches(item);

    public CachedFilter Grown(int length) => new(predicate, mask.Grown(length));

    /// <param name="numbers">Each item's new number by its present one; -1 where there is none.</param>
    public CachedFilter Renumbered(int length, ReadOnlySpan<int> numbers)
    {
        var renumbered = new ItemMask(length);
        ReadOnlySpan<ulong> words = mask.Words;
        for (int k = 0; k < words.Length; k++)
        {
            for (ulong left = words[k]; left != 0; left &= left - 1)
            {
                int number = numbers[64 * k + BitOperations.TrailingZeroCount(left)];
                if (number >= 0) renumbered.Set(number);
            }
        }
        return new(predicate, renumbered);
    }
}
