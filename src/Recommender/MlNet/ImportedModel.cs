using System.Collections.Immutable;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Popularity;

namespace Recommender.MlNet;

/// <summary>
/// Puts a factorization of ML.NET's into our form. Its items keep their factors (scaled, and rotated into their eigenbasis, which changes
/// no order); people are folded in from their histories from then on, and popularity is what the shop's own events say.
/// </summary>
public static class ImportedModel
{
    /// <summary>People that the model knows become its rows, and after them those whom the shop knows: everybody has a vector.</summary>
    /// <param name="model">What to import.</param>
    /// <param name="known">What the shop has recorded; may be empty. Items that the model does not know are left out.</param>
    /// <param name="recipe">How histories are read and folded in; its number of factors becomes the model's, and it loses its item-item parts.</param>
    /// <param name="origin">Where the model comes from, for its card.</param>
    /// <param name="conditions">Cores, and the clock of the card.</param>
    /// <param name="cancellation">Stops within a block of people.</param>
    /// <exception cref="InvalidModelException">It has nothing that can be used: no item has factors, or an id that cannot be kept.</exception>
    public static TrainedModel Of(MatrixFactorizationModel model, TrainingSet known, Recipe recipe, string origin, TrainingConditions conditions,
        CancellationToken cancellation)
    {
        recipe = recipe with { Confidence = known.Confidence, Similarities = [], Factorization = recipe.Factorization with { Factors = model.Factors } };
        try { recipe.Validated(); }
        catch (InvalidRecipeException e) { throw new InvalidModelException($"A model of {model.Factors} factors cannot be imported: {e.Message}", e); }
        TrainingSet set = Align(model, known);
        SizeEstimate.Of(set, recipe, conditions.Threads).RequireTrainingFits(conditions.AvailableBytes);
        VectorKernels kernels = VectorKernels.Best;
        FactorMatrix customers = Matrix(model.Customers, model.Factors, set.People, TrainingSet.KeyOfCustomer);
        FactorMatrix items = Matrix(model.Items, model.Factors, set.Items, id => id);
        FactorScale.Fit(customers, items, set.Matrix, recipe.Factorization);
        float[] means = MeanScores(customers, items);
        float[] spectrum = Eigenbasis.RotateInto(items, customers, kernels, conditions.Threads, cancellation);
        FoldInNewcomers(customers, model, items, spectrum, set, recipe.Factorization, kernels, cancellation);
        TastePrior taste = TastePrior.Fit(set.Matrix, items, spectrum, kernels, conditions.Threads, cancellation);
        ItemPlacement? placement = ItemPlacement.Fit(set, recipe.NewItems, items, ItemPopularity.Of(set.Matrix).Means, conditions.Threads, cancellation);
        TrainedModel assembled = Training.Assemble(set, recipe, conditions, new TrainedFactors(customers, items, spectrum, taste), similarities: [], placement);
        ModelCard card = assembled.Card with { Origin = origin };
        if (set.Matrix.Count > 0) return assembled.With(card);
        // Nobody has bought anything here yet: what the model expects of its customers on average says what is popular.
        return new TrainedModel(card, assembled.Items, items, spectrum, new ItemPopularity(means), ImmutableArray<Similarity.ItemNeighbours>.Empty, taste)
        {
            Customers = assembled.Customers,
            Placement = assembled.Placement,
            Repeats = assembled.Repeats,
        };
    }

    /// <summary>The shop's interactions in the model's items, its customers first. What was never trained (no number) is left out.</summary>
    private static TrainingSet Align(MatrixFactorizationModel model, TrainingSet known)
    {
        var people = new VocabularyBuilder();
        var items = new VocabularyBuilder();
        try
        {
            for (int item = 0; item < model.Items.Keys.Count; item++)
            {
                if (IsTrained(model.ItemFactors(item))) items.Add(model.Items.Keys[item]);
            }
            for (int customer = 0; customer < model.Customers.Keys.Count; customer++)
            {
                if (IsTrained(model.CustomerFactors(customer))) people.Add(TrainingSet.KeyOfCustomer(model.Customers.Keys[customer]));
            }
        }
        catch (ArgumentException e)
        {
            throw new InvalidModelException($"An id of the model cannot be kept: {e.Message}", e);
        }
        if (items.Count == 0) throw new InvalidModelException("No item of the model has factors that are numbers: there is nothing to import.");
        var pairs = new List<(int Person, int Item, float Confidence)>();
        for (int row = 0; row < known.People.Count; row++)
        {
            InteractionRow history = known.Matrix.Row(row);
            for (int k = 0; k < history.Length; k++)
            {
                if (items.TryGetNumber(known.Items[history.Columns[k]], out int item)) pairs.Add((people.Add(TrainingSet.KeyOf(known.People[row])), item, history.Confidence(k)));
            }
        }
        pairs.Sort((a, b) => (a.Person, a.Item).CompareTo((b.Person, b.Item)));
        var starts = new long[people.Count + 1];
        foreach ((int person, _, _) in pairs) starts[person + 1]++;
        for (int person = 0; person < people.Count; person++) starts[person + 1] += starts[person];
        var matrix = new InteractionMatrix(items.Count, starts, [.. pairs.Select(pair => pair.Item)], [.. pairs.Select(pair => pair.Confidence)]);
        Vocabulary aligned = items.Build();
        // Habits are those of the shop's rows and items, and nothing is learned from them here.
        return known with { People = people.Build(), Items = aligned, Matrix = matrix, Repeats = known.Repeats?.Renumbered(known.Items, aligned), Habits = null };
    }

    private static bool IsTrained(ReadOnlySpan<float> factors)
    {
        foreach (float factor in factors)
        {
            if (!float.IsFinite(factor)) return false;
        }
        return true;
    }

    private static FactorMatrix Matrix(SavedSide side, int factors, Vocabulary vocabulary, Func<string, string> idOf)
    {
        var matrix = new FactorMatrix(vocabulary.Count, factors);
        for (int number = 0; number < side.Keys.Count; number++)
        {
            ReadOnlySpan<float> vector = side.Values.Span.Slice(number * factors, factors);
            if (IsTrained(vector) && vocabulary.TryGetNumber(idOf(side.Keys[number]), out int row)) vector.CopyTo(matrix.MutableRow(row));
        }
        return matrix;
    }

    private static float[] MeanScores(FactorMatrix customers, FactorMatrix items)
    {
        double[] mean = new double[customers.Factors];
        for (int row = 0; row < customers.Rows; row++)
        {
            for (int factor = 0; factor < mean.Length; factor++) mean[factor] += customers.Row(row)[factor] / customers.Rows;
        }
        var scores = new float[items.Rows];
        for (int item = 0; item < scores.Length; item++)
        {
            double score = 0;
            for (int factor = 0; factor < mean.Length; factor++) score += mean[factor] * items.Row(item)[factor];
            scores[item] = (float)Math.Max(0, score);
        }
        return scores;
    }

    private static void FoldInNewcomers(FactorMatrix customers, MatrixFactorizationModel model, FactorMatrix items, float[] spectrum, TrainingSet set,
        FactorizationOptions options, VectorKernels kernels, CancellationToken cancellation)
    {
        var foldIn = new FoldIn(items, spectrum, options, kernels);
        for (int row = 0; row < set.People.Count; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            InteractionRow history = set.Matrix.Row(row);
            if (history.Length == 0 || IsCustomerOf(model, set.People[row])) continue;
            float[] confidences = history.Confidences.ToArray();
            foldIn.Solve(history.Columns, confidences);
            foldIn.Vector.Row(0).CopyTo(customers.MutableRow(row));
        }
    }

    private static bool IsCustomerOf(MatrixFactorizationModel model, string key) =>
        model.Customers.Keys.TryGetNumber(TrainingSet.CustomerOf(key) ?? "", out int customer) && IsTrained(model.CustomerFactors(customer));
}
