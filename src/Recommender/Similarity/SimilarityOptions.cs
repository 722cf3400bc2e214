using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Recommender.Interactions;
using Recommender.Tuning;

namespace Recommender.Similarity;

/// <summary>
/// One item-item part of a recipe: how the neighbours of each item are found, and how much they count. Whatever the kind, what it fits
/// is the same: for each item the items that are wanted with it, and how much.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RandomWalkOptions), "random_walk")]
public abstract record SimilarityOptions
{
    /// <summary>
    /// What the item nearest to the whole of a long history gains by this part; a perfect match in the factors scores about 1. 0 leaves it out.
    /// </summary>
    [Range(0.0, 10.0)]
    public double Weight { get; init; } = 1;

    /// <summary>Neighbours kept an item: more answers and finer blends, 8 bytes each in memory.</summary>
    [Range(1, 10_000), Searched(30, 400, Logarithmic = true)]
    public int Neighbours { get; init; } = 100;

    /// <summary>Finds the neighbours of all items. The same interactions give the same bytes at any number of threads.</summary>
    /// <param name="interactions">Customers x items.</param>
    /// <param name="threads">Cores to use.</param>
    /// <param name="fitted">Called with the number of items just done, from any thread.</param>
    /// <param name="cancellation">Stops within milliseconds.</param>
    internal abstract ItemNeighbours Fit(InteractionMatrix interactions, int threads, Action<int>? fitted, CancellationToken cancellation);

    /// <summary>Bytes held while it is fitted, its result included.</summary>
    internal virtual long TrainingBytes(long customers, long items, long interactions, int threads) => 2 * ServingBytes(items, interactions);

    /// <summary>Bytes of the result.</summary>
    internal long ServingBytes(long items, long interactions) => Math.Min(items, interactions) * Neighbours * 8 + items * 8;
}
