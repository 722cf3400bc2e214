using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Tuning;

namespace Recommender.Similarity;

/// <summary>
/// One item-item part of a recipe: how the neighbours of each item are found, and how much they count. Whatever the kind, what it fits
/// is the same: for each item the items that are wanted with it, and how much.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RandomWalkOptions), RandomWalkOptions.Name)]
[JsonDerivedType(typeof(ItemKnnOptions), ItemKnnOptions.Name)]
[JsonDerivedType(typeof(SparseEaseOptions), SparseEaseOptions.Name)]
[JsonDerivedType(typeof(EaseOptions), EaseOptions.Name)]
public abstract record SimilarityOptions
{
    /// <summary>
    /// What the item nearest to the whole of a long history gains by this part; a perfect match in the factors scores about 1. 0 leaves it out.
    /// </summary>
    [Range(0.0, 10.0)]
    public double Weight { get; init; } = 1;

    /// <summary>
    /// A history of this much confidence halves the weight: for parts that know best what goes with a few items, beside others that know
    /// best what goes with many. 0: it never fades.
    /// </summary>
    [Range(0.0, 100_000.0)]
    public double FadesAt { get; init; }

    /// <summary>A history of this much confidence has half of the weight: for parts that need many items to be right. 0: the whole from the start.</summary>
    [Range(0.0, 100_000.0)]
    public double GrowsAt { get; init; }

    /// <summary>Neighbours kept an item, on average: more answers and finer blends, 8 bytes each in memory.</summary>
    [Range(1, 10_000), Searched(10, 400, Logarithmic = true)]
    public int Neighbours { get; init; } = 100;

    /// <summary>Customers with more items than this do not link items: they are shops or robots, and cost the square of their items.</summary>
    [Range(2, 1_000_000)]
    public int LongestHistory { get; init; } = 2_000;

    /// <summary>The weight beside a history whose confidences add up to <paramref name="confidence"/>.</summary>
    internal double WeightAt(double confidence) => Weight
        * (FadesAt > 0 ? FadesAt / (FadesAt + confidence) : 1)
        * (GrowsAt > 0 ? confidence / (GrowsAt + confidence) : 1);

    /// <summary>As a recipe calls it.</summary>
    internal abstract string Kind { get; }

    /// <summary>Finds the neighbours of all items. The same interactions give the same bytes at any number of threads.</summary>
    /// <param name="interactions">Customers x items.</param>
    /// <param name="threads">Cores to use.</param>
    /// <param name="fitted">Called with the number of items just done, from any thread.</param>
    /// <param name="cancellation">Stops within milliseconds.</param>
    /// <exception cref="TrainingException">The part cannot be solved with its regularisation.</exception>
    internal abstract ItemNeighbours Fit(InteractionMatrix interactions, int threads, Action<int>? fitted, CancellationToken cancellation);

    /// <summary>What a ridge regression fits. Beside great confidences a small ridge is lost in rounding, and items that go together cannot be told apart.</summary>
    private protected ItemNeighbours Solved(double regularisation, Func<ItemNeighbours> fit)
    {
        try { return fit(); }
        catch (Exception e) when (IsUnsolvable(e) || (e is AggregateException all && all.Flatten().InnerExceptions.All(IsUnsolvable)))
        {
            throw new TrainingException(string.Create(CultureInfo.InvariantCulture, $"The item-item part \"{Kind}\" of 'similarities' cannot be solved with a 'regularisation' of {regularisation}: ")
                + "beside the data's confidences it is lost in rounding. Nothing was saved; raise it, or lower the weights and the confidence limit.", e);
        }

        static bool IsUnsolvable(Exception e) => e.GetType() == typeof(ArithmeticException);
    }

    /// <summary>Bytes held while it is fitted, its result included.</summary>
    internal virtual long TrainingBytes(long customers, long items, long interactions, int threads) =>
        // The lists of all items and the rows made of them, the interactions by item, and each thread's sums.
        2 * ServingBytes(items, interactions) + interactions * 8 + threads * 12 * items;

    /// <summary>Bytes of the result.</summary>
    internal long ServingBytes(long items, long interactions) => Math.Min(items, interactions) * Math.Min(Neighbours, items) * 8 + items * 8;

    /// <summary>Why this kind is not for so many items, and what to take instead; null where it is.</summary>
    internal virtual string? Refusal(long items) => null;
}
