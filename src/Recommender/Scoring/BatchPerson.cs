using Recommender.Repeats;

namespace Recommender.Scoring;

/// <summary>One of many people who are answered together: what is asked, as of <see cref="Scorer"/>, and the answer.</summary>
public sealed class BatchPerson
{
    /// <summary>The history and the answers: what was bought, known, chosen.</summary>
    public int[] Items { get; set; } = [];

    /// <summary>As many; those below 1e-20 or not finite are passed over, those above 1e20 count as that.</summary>
    public float[] Confidences { get; set; } = [];

    /// <summary>What was asked about and not chosen; of very many the first 256 count.</summary>
    public int[] Refused { get; set; } = [];

    /// <summary>Whether questions were answered, so that what was said is read by itself.</summary>
    public bool Answered { get; set; }

    /// <summary>What may come back, each item once; empty where nothing does.</summary>
    public DueItem[] Expected { get; set; } = [];

    /// <summary>Items that may be answered.</summary>
    public required ItemMask Eligible { get; set; }

    /// <summary>Of those, the ones that may not.</summary>
    public int[] Excluded { get; set; } = [];

    /// <summary>Filled best first; its length is how many are wanted.</summary>
    public required ScoredItem[] Top { get; set; }

    /// <summary>How many there are in <see cref="Top"/>.</summary>
    public int Found { get; set; }
}
