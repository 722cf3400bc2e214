using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;

namespace Recommender.ColdStart;

/// <summary>The files of a model folder that place new items: the features' names, line k for number k, and what was learned of them.</summary>
internal static class PlacementFiles
{
    public const string Names = "features.txt";
    public const string Tensors = "features.safetensors";

    public static void Write(ItemPlacement placement, ItemOrder order, Func<string, Stream> create)
    {
        InteractionMatrix known = order.Of(placement.Known);
        using (Stream names = create(Names)) placement.Features.Names.WriteTo(names);
        using Stream tensors = create(Tensors);
        Safetensors.Write(tensors,
        [
            Safetensors.Of("feature_factors", placement.Factors),
            Safetensors.Of("feature_popularity", placement.Popularity),
            Safetensors.Of("mean_item", placement.Mean),
            Safetensors.Of("item_features_starts", known.RowStarts.ToArray()),
            Safetensors.Of("item_features", known.Columns.ToArray()),
            Safetensors.Of("item_features_values", known.Confidences.ToArray()),
        ]);
    }

    /// <exception cref="InvalidModelException">A file is corrupt or foreign, the sizes disagree, or a number is not finite.</exception>
    public static ItemPlacement Read(ModelCard card, Func<string, Stream> open)
    {
        try
        {
            Vocabulary names;
            using (Stream stream = open(Names)) names = Vocabulary.ReadFrom(stream);
            using Stream tensors = open(Tensors);
            var reader = new SafetensorsReader(tensors, Tensors);
            FactorMatrix factors = reader.Matrix("feature_factors");
            float[] popularity = reader.Floats("feature_popularity"), mean = reader.Floats("mean_item");
            var known = new InteractionMatrix(names.Count, reader.Longs("item_features_starts"), reader.Ints("item_features"),
                reader.Floats("item_features_values"));
            reader.End();
            int columns = card.Recipe.Factorization.Factors;
            if (names.Count != card.Features || factors.Rows != names.Count || popularity.Length != names.Count || factors.Factors != columns
                || mean.Length != columns + 1 || known.RowCount != card.Items)
            {
                throw new InvalidModelException(
                    $"'{Tensors}' does not fit a model of {card.Items} items, {columns} factors and {card.Features} features: it has "
                    + $"{names.Count} names, factors of {factors.Rows} x {factors.Factors} and {known.RowCount} items.");
            }
            for (int row = 0; row < factors.Rows; row++) RequireFinite(factors.Row(row));
            RequireFinite(popularity);
            RequireFinite(mean);
            return new ItemPlacement(new ItemFeatures(names, card.Recipe.NewItems.WordWeight), known, factors, popularity, mean);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            throw new InvalidModelException($"'{Names}' or '{Tensors}' cannot be read: {e.Message}", e);
        }
    }

    private static void RequireFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value)) throw new InvalidModelException($"'{Tensors}' holds {value}.");
        }
    }
}
