using System.Collections.Immutable;
using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>What is made of the figures of each customer.</summary>
public sealed record SummaryOptions
{
    /// <summary>How many of the rankings, counted from the first, are models. Those are compared with each other and with the first of the rest.</summary>
    public required int Models { get; init; }

    /// <summary>The length of list that bands and comparisons are of; null for 20, or the nearest there is.</summary>
    public int? Headline { get; init; }

    /// <summary>Which customers the resamples draw.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>More make the ends of the intervals steadier.</summary>
    public int Resamples { get; init; } = Bootstrap.Resamples;

    /// <summary>Cores to use. The figures do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Null for bands of popularity.</summary>
    public ItemBands? ItemBands { get; init; }

    /// <summary>Items that were ranked; null for the whole catalogue.</summary>
    public ItemMask? Candidates { get; init; }
}

/// <summary>Means with their intervals, bands and comparisons: what tables, JSON and reports show.</summary>
/// <param name="Headline">The length of list that bands and comparisons are of.</param>
/// <param name="Customers">How many were measured.</param>
/// <param name="Activity">One entry a measured customer.</param>
/// <param name="Items">One entry an item.</param>
/// <param name="Rankings">In the order of the results.</param>
/// <param name="Comparisons">Models with the first baseline, then models with each other.</param>
public sealed record EvaluationSummary(int Headline, int Customers, Bands Activity, ItemBands Items, ImmutableArray<RankingSummary> Rankings,
    ImmutableArray<PairedComparison> Comparisons)
{
    private static readonly ImmutableArray<Figure> _figures = [.. Enum.GetValues<Figure>()];
    private const int LorenzSteps = 100, Examples = 5;

    /// <param name="results">Of one evaluation.</param>
    /// <param name="train">The histories that were ranked for.</param>
    /// <param name="test">What was to be found.</param>
    /// <param name="options">Which bands, comparisons and intervals.</param>
    /// <param name="cancellation">Stops within one resample.</param>
    public static EvaluationSummary Of(ImmutableArray<RankingResult> results, InteractionMatrix train, InteractionMatrix test, SummaryOptions options,
        CancellationToken cancellation)
    {
        ImmutableArray<int> rows = results[0].Rows;
        int headline = options.Headline ?? results[0].Cutoffs.Select(metrics => metrics.At).MinBy(at => Math.Abs(at - 20));
        Bands activity = Bands.OfHistories(rows.Select(row => train.Row(row).Length));
        ItemBands items = options.ItemBands ?? ItemBands.ByPopularity(train);
        ResampledMeans Resampled(IEnumerable<double[]> figures) => Bootstrap.Of([.. figures], options.Seed, options.Resamples, options.Threads, cancellation);

        ResampledMeans all = Resampled(from result in results from metrics in result.Cutoffs from figure in _figures select metrics.Of(figure));
        int Column(int ranking, int cutoff, Figure figure) => (ranking * results[0].Cutoffs.Length + cutoff) * _figures.Length + (int)figure;
        int[][] members = [.. Enumerable.Range(0, activity.Count).Select(activity.Members)];
        ResampledMeans[] byActivity = [.. members.Select(band => Resampled(from result in results from figure in _figures
            select Array.ConvertAll(band, k => result.At(headline).Of(figure)[k])))];

        var counts = new ItemCounts(train, test, rows, items.Bands, options.Candidates);
        var rankings = results.Select((result, ranking) => new RankingSummary(result.Name,
            [.. result.Cutoffs.Select((metrics, cutoff) =>
                new CutoffSummary(metrics.At, [.. _figures.Select(figure => all.Mean(Column(ranking, cutoff, figure)))],
                Concentration.Coverage(counts.Ranked(metrics.Exposures)), Concentration.Gini(counts.Ranked(metrics.Exposures))))],
            [.. members.Select((band, k) => new ActivityFigures(activity.Names[k], band.Length,
                [.. _figures.Select(figure => byActivity[k].Mean(ranking * _figures.Length + (int)figure))]))],
            counts.Of(result.At(headline)), Concentration.Lorenz(counts.Ranked(result.At(headline).Exposures), LorenzSteps)));

        int at = results[0].Cutoffs.IndexOf(results[0].At(headline));
        var comparisons = Pairs(options.Models, results.Length).Select(pair => new PairedComparison(results[pair.A].Name, results[pair.B].Name,
            [.. _figures.Where(figure => figure != Figure.Novelty).Select(figure => Difference(figure, results[pair.A].At(headline).Of(figure),
                results[pair.B].At(headline).Of(figure), all, Column(pair.A, at, figure), Column(pair.B, at, figure)))],
            [.. byActivity.Select(band => band.Difference(pair.B * _figures.Length + (int)Figure.Ndcg, pair.A * _figures.Length + (int)Figure.Ndcg))],
            Most(results[pair.B].At(headline).Ndcg, results[pair.A].At(headline).Ndcg, sign: 1, rows, train),
            Most(results[pair.B].At(headline).Ndcg, results[pair.A].At(headline).Ndcg, sign: -1, rows, train)));
        return new EvaluationSummary(headline, rows.Length, activity, items, [.. rankings], [.. comparisons]);
    }

    private static IEnumerable<(int A, int B)> Pairs(int models, int rankings)
    {
        for (int model = 0; model < models && models < rankings; model++) yield return (models, model);
        for (int a = 0; a < models; a++)
        {
            for (int b = a + 1; b < models; b++) yield return (a, b);
        }
    }

    private static PairedDifference Difference(Figure figure, double[] a, double[] b, ResampledMeans means, int columnOfA, int columnOfB)
    {
        int won = 0, lost = 0;
        for (int k = 0; k < a.Length; k++)
        {
            if (b[k] > a[k]) won++;
            if (b[k] < a[k]) lost++;
        }
        return new PairedDifference(figure, means.Difference(columnOfB, columnOfA), means.ShareAbove(columnOfB, columnOfA), won, lost, a.Length - won - lost);
    }

    private static ImmutableArray<CustomerDifference> Most(double[] b, double[] a, int sign, ImmutableArray<int> rows, InteractionMatrix train) =>
        [.. Enumerable.Range(0, a.Length).Where(k => sign * (b[k] - a[k]) > 0).OrderByDescending(k => sign * (b[k] - a[k])).ThenBy(k => rows[k]).Take(Examples)
            .Select(k => new CustomerDifference(rows[k], train.Row(rows[k]).Length, b[k] - a[k]))];
}
