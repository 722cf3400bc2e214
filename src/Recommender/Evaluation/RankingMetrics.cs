using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>How well one list found what one customer chose.</summary>
/// <param name="Recall">Hits over all chosen items.</param>
/// <param name="Ndcg">Sum of 1 / log2(rank + 1) over the hits, over the same sum for the best list (Jarvelin, Kekalainen 2002).</param>
internal readonly record struct RankingMetrics(double Recall, double Ndcg)
{
    /// <param name="ranked">Best first.</param>
    /// <param name="chosen">Ascending, not empty.</param>
    /// <param name="cutoff">Only this many of the list count.</param>
    public static RankingMetrics Of(ReadOnlySpan<ScoredItem> ranked, ReadOnlySpan<int> chosen, int cutoff)
    {
        int hits = 0;
        double gain = 0, best = 0;
        for (int rank = 0; rank < Math.Min(cutoff, ranked.Length); rank++)
        {
            if (chosen.BinarySearch(ranked[rank].Item) < 0) continue;
            hits++;
            gain += 1 / Math.Log2(rank + 2);
        }
        for (int rank = 0; rank < Math.Min(cutoff, chosen.Length); rank++) best += 1 / Math.Log2(rank + 2);
        return new RankingMetrics((double)hits / chosen.Length, gain / best);
    }
}
