using System.Collections.Immutable;
using Recommender.Interactions;
using Recommender.Models;

namespace Recommender.Evaluation;

/// <summary>How good the lists of people are of whom only so much is known.</summary>
/// <param name="Known">Items that are known of each.</param>
/// <param name="Model">NDCG@20.</param>
/// <param name="Popularity">The same of what everybody wants.</param>
/// <param name="Gain">Model less popularity, paired.</param>
public sealed record CurvePoint(int Known, Interval Model, Interval Popularity, Interval Gain);

/// <summary>
/// NDCG@20 of new customers by the number of items known of them. Part of the customers is not learned from; half of what each of these has,
/// drawn at random, is to be found, the first few of the other half are known. The same people and the same test at every point.
/// </summary>
public static class KnownItemsCurve
{
    private const int Cutoff = 20;

    /// <param name="all">Everybody.</param>
    /// <param name="recipe">How the others are learned from.</param>
    /// <param name="known">Numbers of known items.</param>
    /// <param name="share">Part of the customers that is held out; of these, whoever has twice the most known items is measured.</param>
    /// <param name="conditions">Seed (also who is held out) and threads.</param>
    /// <param name="cancellation">Stops within milliseconds.</param>
    /// <exception cref="ArgumentException">Nobody who is held out has enough items, or nobody is left to learn from.</exception>
    public static ImmutableArray<CurvePoint> Run(TrainingSet all, Recipe recipe, IReadOnlyList<int> known, double share, TrainingConditions conditions,
        CancellationToken cancellation)
    {
        if (share is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share of customers that is held out is above 0 and below 1.");
        int most = known.Max(), least = Math.Max(2, 2 * most);
        int[] rows = [.. Enumerable.Range(0, all.Matrix.RowCount)];
        new Random((int)conditions.Seed).Shuffle(rows);
        var heldOut = rows.Take((int)Math.Round(share * rows.Length)).ToHashSet();
        int[] measured = [.. heldOut.Where(row => all.Matrix.Row(row).Length >= least).Order()];
        if (measured.Length == 0)
            throw new ArgumentException(
                $"Nobody of {heldOut.Count} customers that were held out has {least} items, half of them to be found.", nameof(all));
        TrainedModel model =
            Training.Run(all with { Matrix = HoldOut.Where(all.Matrix, Positions(all.Matrix, row => !heldOut.Contains(row))) }, recipe,
                conditions, cancellation);
        var popularity = new PopularityRanking(HoldOut.Where(all.Matrix, Positions(all.Matrix, row => !heldOut.Contains(row))));

        int[][] shuffled = [.. measured.Select(row =>
        {
            int[] items = all.Matrix.Row(row).Columns.ToArray();
            HoldOut.RandomOf(conditions.Seed, row).Shuffle(items);
            return items;
        })];
        InteractionMatrix Of(Func<int[], IEnumerable<int>> part) => InteractionMatrix.FromPairs(measured.Length, all.Items.Count,
            shuffled.SelectMany((items, row) => part(items).Select(item => (row, item))));
        InteractionMatrix test = Of(items => items[(items.Length / 2)..]);
        var points = ImmutableArray.CreateBuilder<CurvePoint>();
        foreach (int count in known.Order())
        {
            var results = RankingEvaluation.Run([new ModelRanking("model", model), popularity],
                Of(items => items.Take(Math.Min(count, items.Length / 2))), test,
                new EvaluationOptions { Cutoffs = [Cutoff], Threads = conditions.Threads }, ranked: null, cancellation);
            double[] ofModel = results[0].At(Cutoff).Ndcg, ofPopularity = results[1].At(Cutoff).Ndcg;
            points.Add(new CurvePoint(count, Bootstrap.Mean(ofModel), Bootstrap.Mean(ofPopularity), Bootstrap.Difference(ofModel, ofPopularity)));
        }
        return points.ToImmutable();
    }

    private static Func<long, bool> Positions(InteractionMatrix matrix, Func<int, bool> rows)
    {
        var kept = new bool[matrix.Count];
        for (int row = 0; row < matrix.RowCount; row++)
        {
            if (rows(row)) Array.Fill(kept, true, (int)matrix.RowStarts[row], matrix.Row(row).Length);
        }
        return at => kept[at];
    }
}
