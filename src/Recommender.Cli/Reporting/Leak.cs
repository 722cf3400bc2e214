using Recommender.Evaluation;

namespace Recommender.Cli.Reporting;

/// <summary>What is found where there is nothing to find.</summary>
internal static class Leak
{
    /// <summary>
    /// Whether the model is above popularity by more than twice the half width of the 95 % interval, about four standard errors. Of clean measurements
    /// one in forty ends above by the interval itself, and by this a few in a hundred thousand (as far as means are normal); a leak is gross.
    /// </summary>
    public static bool IsIn(PairedComparison withPopularity)
    {
        PairedDifference ndcg = withPopularity.Of(Figure.Ndcg);
        return ndcg.Sign > 0 && ndcg.Difference.Mean > ndcg.Difference.High - ndcg.Difference.Low;
    }
}
