using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>How well one list found what one customer chose; the figures are those of <see cref="CutoffMetrics"/>.</summary>
internal readonly record struct RankingMetrics(double Recall, double Ndcg, double ReciprocalRank, double Precision)
{
    /// <param name="ranked">Best first.</param>
    /// <param name="chosen">Ascending, not empty.</param>
    /// <param name="cutoff">Only this many of the list count.</param>
    public static RankingMetrics Of(ReadOnlySpan<ScoredItem> ranked, ReadOnlySpan<int> chosen, int cutoff)
    {
        int hits = 0;
        double gain = 0, best = 0, reciprocalRank = 0;
        for (int rank = 0; rank < Math.Min(cutoff, ranked.Length); rank++)
        {
            if (chosen.BinarySearch(ranked[rank].Item) < 0) continue;
            if (hits++ == 0) reciprocalRank = 1.0 / (rank + 1);
            gain += 1 / Math.Log2(rank + 2);
        }
        for (int rank = 0; rank < Math.Min(cutoff, chosen.Length); rank++) best += 1 / Math.Log2(rank + 2);
        return new RankingMetrics((double)hits / chosen.Length, gain / best, reciprocalRank, (double)hits / cutoff);
    }

    public void CopyTo(CutoffMetrics metrics, int customer) =>
        (metrics.Recall[customer], metrics.Ndcg[customer], metrics.ReciprocalRank[customer], metrics.Precision[customer]) =
            (Recall, Ndcg, ReciprocalRank, Precision);
}
