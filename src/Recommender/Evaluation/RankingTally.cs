using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>What one thread counts while it ranks. Counts are whole numbers, so they add up to the same in any order.</summary>
internal sealed class RankingTally(IRanker ranker, int cutoffs, int items)
{
    private readonly int[][] _exposures = Counters(cutoffs, items), _hits = Counters(cutoffs, items);

    public IRanker Ranker => ranker;

    public void Take(ReadOnlySpan<ScoredItem> ranked, ReadOnlySpan<int> chosen, CutoffMetrics[] measured, ReadOnlySpan<double> information, int customer)
    {
        for (int cutoff = 0; cutoff < measured.Length; cutoff++)
        {
            ReadOnlySpan<ScoredItem> list = ranked[..Math.Min(measured[cutoff].At, ranked.Length)];
            RankingMetrics.Of(list, chosen, measured[cutoff].At).CopyTo(measured[cutoff], customer);
            double bits = 0;
            foreach (ScoredItem item in list)
            {
                bits += information[item.Item];
                _exposures[cutoff][item.Item]++;
                if (chosen.BinarySearch(item.Item) >= 0) _hits[cutoff][item.Item]++;
            }
            measured[cutoff].Novelty[customer] = list.IsEmpty ? 0 : bits / list.Length;
        }
    }

    public void AddTo(int[][] exposures, int[][] hits)
    {
        lock (exposures)
        {
            Add(_exposures, exposures);
            Add(_hits, hits);
        }
    }

    public static int[][] Counters(int cutoffs, int items) => [.. Enumerable.Range(0, cutoffs).Select(_ => new int[items])];

    /// <summary>Self-information of each item in bits; see <see cref="Figure.Novelty"/>.</summary>
    public static double[] Information(InteractionMatrix train)
    {
        var having = new int[train.ColumnCount];
        for (int row = 0; row < train.RowCount; row++)
        {
            foreach (int column in train.Row(row).Columns) having[column]++;
        }
        return Array.ConvertAll(having, count => Math.Log2((double)train.RowCount / Math.Max(1, count)));
    }

    private static void Add(int[][] counts, int[][] to)
    {
        for (int cutoff = 0; cutoff < counts.Length; cutoff++)
        {
            for (int item = 0; item < counts[cutoff].Length; item++) to[cutoff][item] += counts[cutoff][item];
        }
    }
}
