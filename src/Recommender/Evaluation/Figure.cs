namespace Recommender.Evaluation;

/// <summary>What is measured of one customer's list.</summary>
public enum Figure
{
    /// <summary>Part of what was chosen that is in the list.</summary>
    Recall,

    /// <summary>Discounted gain over that of the best possible list (Jarvelin, Kekalainen 2002).</summary>
    Ndcg,

    /// <summary>1 / place of the first hit, 0 without one.</summary>
    ReciprocalRank,

    /// <summary>Part of the list that was chosen. A list cut short by a small catalogue is divided by its full length.</summary>
    Precision,

    /// <summary>
    /// Mean self-information of the listed items in bits, log2(customers / customers who have it) over the training part (Zhou et al. 2010);
    /// an item that nobody has counts as if one had. It says how far from the best sellers a list goes, not whether it is good.
    /// </summary>
    Novelty,
}
