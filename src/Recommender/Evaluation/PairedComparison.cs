using System.Collections.Immutable;

namespace Recommender.Evaluation;

/// <summary>Two rankings on the same customers, at the headline's length. Every difference is <paramref name="B"/> - <paramref name="A"/>.</summary>
/// <param name="A">What is compared with.</param>
/// <param name="B">What is compared.</param>
/// <param name="Figures">Recall, NDCG, reciprocal rank and precision.</param>
/// <param name="ByActivity">The difference in NDCG, one a band of customers.</param>
/// <param name="Gained">The customers for whom B is better by most, by NDCG, the greatest difference first.</param>
/// <param name="Lost">Those for whom it is worse by most.</param>
public sealed record PairedComparison(string A, string B, ImmutableArray<PairedDifference> Figures, ImmutableArray<Interval> ByActivity,
    ImmutableArray<CustomerDifference> Gained, ImmutableArray<CustomerDifference> Lost)
{
    public PairedDifference Of(Figure figure) => Figures.First(difference => difference.Figure == figure);
}

/// <param name="Figure">What is compared.</param>
/// <param name="Difference">Of the means, paired.</param>
/// <param name="ShareBetter">Part of the resamples in which B is better.</param>
/// <param name="Won">Customers with the greater figure under B.</param>
/// <param name="Lost">Customers with the greater figure under A.</param>
/// <param name="Tied">Customers with the same figure.</param>
public sealed record PairedDifference(Figure Figure, Interval Difference, double ShareBetter, int Won, int Lost, int Tied)
{
    /// <summary>With fewer customers the bootstrap's interval is too narrow to be believed, and no difference is claimed.</summary>
    public const int FewestCustomers = 20;

    /// <summary>1 where B is better beyond doubt, -1 where it is worse, 0 where that cannot be seen.</summary>
    public int Sign => Won + Lost + Tied < FewestCustomers ? 0 : Difference.Low > 0 ? 1 : Difference.High < 0 ? -1 : 0;
}

/// <param name="Row">The customer's row.</param>
/// <param name="Known">Items in the history.</param>
/// <param name="Ndcg">B - A.</param>
public readonly record struct CustomerDifference(int Row, int Known, double Ndcg);
