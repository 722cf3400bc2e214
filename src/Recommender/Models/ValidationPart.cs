using Recommender.Evaluation;
using Recommender.Factorization;
using Recommender.Interactions;

namespace Recommender.Models;

/// <summary>
/// What early stopping looks at: some customers with part of their items held out. Everybody else's interactions stay in the training whole,
/// so that it learns almost as much as without.
/// </summary>
internal sealed class ValidationPart
{
    private const int Cutoff = 20;

    private readonly int[] _rows;
    private readonly InteractionMatrix _histories;
    private readonly InteractionMatrix _held;

    private ValidationPart(InteractionMatrix training, InteractionMatrix held)
    {
        Training = training;
        _rows = [.. Enumerable.Range(0, held.RowCount).Where(row => held.Row(row).Length > 0)];
        (_histories, _held) = (Rows(training, _rows), Rows(held, _rows));
    }

    /// <summary>What is left to learn from, with the same rows and columns.</summary>
    public InteractionMatrix Training { get; }

    /// <summary>The same for the same interactions, options and seed.</summary>
    /// <exception cref="TrainingException">Nobody has items enough that some could be held out.</exception>
    public static ValidationPart Cut(InteractionMatrix interactions, EarlyStoppingOptions options, ulong seed)
    {
        int[] able = [.. Enumerable.Range(0, interactions.RowCount).Where(row => HeldOf(interactions.Row(row).Length, options) > 0)];
        if (able.Length == 0)
        {
            throw new TrainingException("Early stopping holds part of some customers' items out, and nobody has two items or more: "
                + "leave 'factorization.early_stopping' out of the recipe.");
        }
        HoldOut.RandomOf(seed, -1).Shuffle(able);
        var held = new bool[interactions.Count];
        foreach (int row in able.AsSpan(0, Math.Min(options.Customers, able.Length)))
        {
            int length = interactions.Row(row).Length;
            int[] positions = [.. Enumerable.Range(0, length)];
            HoldOut.RandomOf(seed, row).Shuffle(positions);
            foreach (int position in positions.AsSpan(0, HeldOf(length, options))) held[interactions.RowStarts[row] + position] = true;
        }
        return new ValidationPart(HoldOut.Where(interactions, at => !held[at]), HoldOut.Where(interactions, at => held[at]));
    }

    /// <summary>Mean NDCG@20 of lists made from the factors alone. Customers are solved against the items as they are now.</summary>
    public double Measure(ImplicitAls factors, FactorizationOptions options, int threads, VectorKernels kernels, CancellationToken cancellation)
    {
        var customers = new FactorMatrix(_rows.Length, options.Factors);
        for (int k = 0; k < _rows.Length; k++) factors.Customers.Row(_rows[k]).CopyTo(customers.MutableRow(k));
        new HalfStep(options, kernels, threads).SolveRows(_histories, customers, factors.Items, solved: null, cancellation);
        var how = new EvaluationOptions { Cutoffs = [Cutoff], Threads = threads };
        return RankingEvaluation.Run([new FactorRanking(customers, factors.Items, kernels)], _histories, _held, how, ranked: null,
            cancellation)[0].At(Cutoff).MeanNdcg;
    }

    private static int HeldOf(int length, EarlyStoppingOptions options) =>
        Math.Min(length - 1, Math.Max(1, (int)Math.Round(options.ValidationShare * length)));

    private static InteractionMatrix Rows(InteractionMatrix matrix, int[] rows)
    {
        var starts = new long[rows.Length + 1];
        var columns = new List<int>();
        List<float>? confidences = matrix.IsBinary ? null : [];
        for (int k = 0; k < rows.Length; k++)
        {
            InteractionRow row = matrix.Row(rows[k]);
            columns.AddRange(row.Columns);
            confidences?.AddRange(row.Confidences);
            starts[k + 1] = columns.Count;
        }
        return new InteractionMatrix(matrix.ColumnCount, starts, [.. columns], confidences?.ToArray());
    }
}
