using System.Collections.Immutable;
using System.Numerics;

namespace Recommender.Scoring;

/// <summary>
/// Raises or lowers the scores of some items: a positive score is multiplied by the factor, one that is not is divided by it, so that a
/// factor above 1 always raises. The factors of several that match are multiplied first.
/// </summary>
/// <param name="Items">Those it is about; items that the mask does not cover are not in it.</param>
/// <param name="Factor"><see cref="Least"/> to <see cref="Greatest"/>.</param>
public sealed record Boost(ItemMask Items, float Factor)
{
    public const float Least = 0.01f;

    public const float Greatest = 100;

    public ItemMask Items { get; } = Items ?? throw new ArgumentNullException(nameof(Items));

    public float Factor { get; } = Factor is >= Least and <= Greatest
        ? Factor
        : throw new ArgumentOutOfRangeException(nameof(Factor), Factor, $"A boost's factor is {Least} to {Greatest}.");

    /// <summary>The same, none where they were not set.</summary>
    /// <exception cref="ArgumentException">One of them is null.</exception>
    internal static ImmutableArray<Boost> Required(ImmutableArray<Boost> boosts)
    {
        if (boosts.IsDefault) return [];
        int missing = boosts.IndexOf(null!);
        return missing < 0 ? boosts : throw new ArgumentException($"Boost {missing} of {boosts.Length} is null.", nameof(boosts));
    }

    /// <summary>The product of the factors of an item's boosts.</summary>
    internal static float FactorOf(ReadOnlySpan<Boost> boosts, int item)
    {
        float factor = 1;
        foreach (Boost boost in boosts)
        {
            if (item < boost.Items.Length && boost.Items[item]) factor *= boost.Factor;
        }
        return factor;
    }

    /// <summary>Multiplies the factors of a block's 64 items by those of the boosts that match; false where none does.</summary>
    internal static unsafe bool Multiply(ReadOnlySpan<Boost> boosts, int block, float* factors)
    {
        bool any = false;
        foreach (Boost boost in boosts)
        {
            for (ulong matched = boost.Word(block); matched != 0; matched &= matched - 1)
            {
                factors[BitOperations.TrailingZeroCount(matched)] *= boost.Factor;
                any = true;
            }
        }
        return any;
    }

    /// <summary>Multiplies what are at least the factors of any item of consecutive blocks.</summary>
    internal static unsafe void MultiplyBounds(ReadOnlySpan<Boost> boosts, int firstBlock, int count, float* factors)
    {
        foreach (Boost boost in boosts)
        {
            if (boost.Factor <= 1) continue;
            for (int k = 0; k < count; k++) factors[k] *= boost.Word(firstBlock + k) == 0 ? 1 : boost.Factor;
        }
    }

    private ulong Word(int block) => block < Items.Words.Length ? Items.Words[block] : 0;

    /// <summary>A score under a product of factors: never lower for a higher score or a higher factor.</summary>
    internal static float Applied(float score, float factor) => score > 0 ? score * factor : score / factor;
}
