using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Recommender.Factorization;
using Recommender.Interactions;

namespace Recommender.MlNet;

/// <summary>
/// ML.NET's matrix factorization (LIBMF: Chin et al. 2015) as a trainer of a recipe's factors, with both of its losses. Of the recipe it
/// reads <c>factors</c> (its approximation rank), <c>sweeps</c> (iterations), <c>regularisation</c> (lambda) and, for one class,
/// <c>unobserved_weight</c> (alpha). It cannot be stopped within a training, and with several threads the order of its updates is not fixed.
/// </summary>
public static class MlNetTrainers
{
    /// <summary>Confidences as ratings: the squared error over what is there.</summary>
    public const string Regression = "mlnet_regression";

    /// <summary>All that is there is 1, all else is about 0 with the weight alpha.</summary>
    public const string OneClass = "mlnet_one_class";

    public static void Register()
    {
        FactorTrainers.Register(Regression, (interactions, options, threads, cancellation) =>
            Fit(interactions, options, MatrixFactorizationTrainer.LossFunctionType.SquareLossRegression, threads, cancellation));
        FactorTrainers.Register(OneClass, (interactions, options, threads, cancellation) =>
            Fit(interactions, options, MatrixFactorizationTrainer.LossFunctionType.SquareLossOneClass, threads, cancellation));
    }

    private static (float[] Customers, float[] Items) Fit(InteractionMatrix interactions, FactorizationOptions options,
        MatrixFactorizationTrainer.LossFunctionType loss, int threads, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var ml = new MLContext();
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Entry));
        schema[nameof(Entry.Customer)].ColumnType = new KeyDataViewType(typeof(uint), interactions.RowCount);
        schema[nameof(Entry.Item)].ColumnType = new KeyDataViewType(typeof(uint), interactions.ColumnCount);
        Microsoft.ML.Trainers.Recommender.MatrixFactorizationModelParameters model =
            ml.Recommendation().Trainers.MatrixFactorization(new MatrixFactorizationTrainer.Options
        {
            MatrixColumnIndexColumnName = nameof(Entry.Customer),
            MatrixRowIndexColumnName = nameof(Entry.Item),
            LabelColumnName = nameof(Entry.Confidence),
            LossFunction = loss,
            ApproximationRank = options.Factors,
            NumberOfIterations = options.Sweeps,
            Lambda = options.Regularisation,
            Alpha = options.UnobservedWeight,
            NumberOfThreads = threads,
            Quiet = true,
        }).Fit(ml.Data.LoadFromEnumerable(Entries(interactions, cancellation), schema)).Model;
        return ([.. model.RightFactorMatrix], [.. model.LeftFactorMatrix]);
    }

    private static IEnumerable<Entry> Entries(InteractionMatrix interactions, CancellationToken cancellation)
    {
        for (int row = 0; row < interactions.RowCount; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int k = 0; k < interactions.Row(row).Length; k++)
            {
                InteractionRow ofRow = interactions.Row(row);
                yield return new Entry { Customer = (uint)row, Item = (uint)ofRow.Columns[k], Confidence = ofRow.Confidence(k) };
            }
        }
    }

    /// <summary>One interaction; ML.NET reads keys from 0.</summary>
    private sealed class Entry
    {
        public uint Customer { get; set; }

        public uint Item { get; set; }

        public float Confidence { get; set; }
    }
}
