using System.Collections.Immutable;
using Recommender.Factorization;

namespace Recommender.Scoring;

/// <summary>One of many vectors whose best items are looked for together.</summary>
internal sealed class ScanQuery
{
    /// <summary>One padded row of the items' stride.</summary>
    public required FactorMatrix Vector { get; set; }

    /// <summary>Added to each item's product; null adds nothing.</summary>
    public AddedScores? Added { get; set; }

    /// <summary>Items that may be answered.</summary>
    public required ItemMask Eligible { get; set; }

    /// <summary>Those of them that may not.</summary>
    public required ItemMask Excluded { get; set; }

    public ImmutableArray<Boost> Boosts { get; set; } = [];

    /// <summary>Filled with the best, best first; its length is how many are wanted.</summary>
    public required ScoredItem[] Top { get; set; }

    /// <summary>
    /// How many there are in <see cref="Top"/>. <see cref="FactorScan.OfferMany"/> finds so many in it already, as a heap.
    /// </summary>
    public int Found { get; set; }

    /// <summary>Whether a scan goes on with it.</summary>
    internal bool IsUnderWay { get; set; }
}
