using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace Recommender.ColdStart;

/// <summary>
/// How an item that nobody has dealt with yet gets its place among the others, by its attributes: a ridge regression from attributes to
/// what was learned of the items that have them (Gantner et al. 2010), and the items most like it for what goes with what.
/// </summary>
public sealed record NewItemOptions
{
    /// <summary>Whether new items are placed by their attributes; without it they wait for the next training.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Attributes that say nothing of a taste, or that new items do not have yet (a number of sales). They are not learned from.</summary>
    public ImmutableArray<string> Ignored { get; init; } = [];

    /// <summary>Pulls what an attribute means to nothing. Higher trusts only attributes that many items have.</summary>
    [Range(1e-3, 1e6)]
    public double Regularisation { get; init; } = 1;

    /// <summary>How much a word of a title or text says beside a whole value (an author, a category): its square divides the regularisation.</summary>
    [Range(0.0, 10.0)]
    public double WordWeight { get; init; } = 0.5;

    /// <summary>Steps into which the values of a number are divided, each with as many items; more follow its shape more closely.</summary>
    [Range(2, 100)]
    public int Bands { get; init; } = 8;

    /// <summary>A value or word that fewer items have is not learned.</summary>
    [Range(1, 1000)]
    public int LeastItems { get; init; } = 2;

    /// <summary>The most values and words that are learned, those that most items have first. Each takes four bytes a factor.</summary>
    [Range(1, 10_000_000)]
    public int MostFeatures { get; init; } = 50_000;

    /// <summary>The known items by which it is worked out what goes with a new one; more smooth, and cost a look each in every answer.</summary>
    [Range(0, 256)]
    public int Lookalikes { get; init; } = 10;

    /// <summary>
    /// The most new items that have a place, those that came last first. More let more of a large catalogue be ranked before it is learned;
    /// each takes four bytes a factor (at worst four times that), and its part of the time of every answer that it may be in.
    /// </summary>
    [Range(1, 10_000_000)]
    public int MostItems { get; init; } = 20_000;

    public bool Equals(NewItemOptions? other) => other is not null && Ignored.SequenceEqual(other.Ignored)
        && (Enabled, Regularisation, WordWeight, Bands, LeastItems, MostFeatures, Lookalikes, MostItems)
        == (other.Enabled, other.Regularisation, other.WordWeight, other.Bands, other.LeastItems, other.MostFeatures, other.Lookalikes, other.MostItems);

    public override int GetHashCode() => HashCode.Combine((Enabled, MostItems), Ignored.Length, Regularisation, WordWeight, Bands, LeastItems, MostFeatures, Lookalikes);
}
