using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>Reads the matrix factorization out of a model that ML.NET saved (0.7 to 5.0), whatever else is in its pipeline.</summary>
public static class SavedModelReader
{
    internal const string Predictor = "MaFactPredXf";
    internal const string PredictorSignature = "MAFAPRED";
    internal const uint PredictorVersion = 0x00010001;

    /// <param name="zip">The zip that <c>Model.Save</c> wrote; seekable, left open.</param>
    /// <exception cref="InvalidModelException">Anything else: says what is there, where, and what to do.</exception>
    public static SavedFactorization Read(Stream zip) => Read(zip, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    internal static SavedFactorization Read(Stream zip, long availableBytes)
    {
        using var entries = new ModelEntries(zip, availableBytes);
        IReadOnlyList<ModelKey> stages = TransformerChain.Read(entries);
        int at = Find(stages);
        ModelKey predictor = stages[at];
        predictor.Header.Require(predictor.Name, PredictorSignature, PredictorVersion, PredictorVersion);
        BlockReader block = predictor.Block;
        // Columns come first.
        (string columnKeys, string rowKeys) = (predictor.Text(block.Int32()), predictor.Text(block.Int32()));
        block.End();
        string factors = TransformerChain.FolderOf(predictor) + FactorBlock.Entry;
        (int rows, int columns, int length, float[] p, float[] q) = FactorBlock.Read(entries, factors);
        return new SavedFactorization(Side(entries, stages, at, rowKeys, rows, p), Side(entries, stages, at, columnKeys, columns, q), length);
    }

    private static int Find(IReadOnlyList<ModelKey> stages)
    {
        int[] found = [.. Enumerable.Range(0, stages.Count).Where(stage => stages[stage].Header.Loader == Predictor)];
        return found switch
        {
            [int one] => one,
            [] => throw new InvalidModelException($"The model has no matrix factorization; it is made of {Text(stages)}. Only what the trainer "
                + "MatrixFactorization made can be imported."),
            _ => throw new InvalidModelException($"The model has {found.Length} matrix factorizations ({string.Join(", ", found.Select(stage => $"'{stages[stage].Name}'"))}): "
                + "save the one that is meant."),
        };
    }

    private static string Text(IReadOnlyList<ModelKey> stages) => stages.Count == 0
        ? "no transformer that acts in scoring"
        : string.Join(", ", stages.Select(stage => stage.Header.Loader.Length > 0 ? stage.Header.Loader : stage.Header.Signature));

    /// <summary>Follows a key column back to the values it was made from. A later transformer hides what an earlier one made under the same name.</summary>
    private static SavedSide Side(ModelEntries entries, IReadOnlyList<ModelKey> stages, int before, string keyColumn, int count, float[] values)
    {
        (string name, ModelKey? unknown) = (keyColumn, null);
        for (int stage = before - 1; stage >= 0; stage--)
        {
            ModelKey key = stages[stage];
            if (key.Header.Loader == ColumnCopy.Loader) name = ColumnCopy.Find(key, name) ?? name;
            else if (key.Header.Loader != KeyMapping.Loader) unknown = key.Texts.Contains(name) ? key : unknown;
            else if (KeyMapping.Find(entries, key, name) is { } mapping)
            {
                if (mapping.Keys.Count != count)
                    throw new InvalidModelException($"'{key.Name}' has {mapping.Keys.Count} keys for '{keyColumn}', the factorization was trained on {count}.");
                return new SavedSide(Original(stages, stage, mapping.Input), keyColumn, mapping.Keys, values);
            }
        }
        if (unknown is not null)
        {
            throw new InvalidModelException($"The keys '{keyColumn}' are made by '{unknown.Header.Loader}' ('{unknown.Name}'), so it cannot be told what they stand for: "
                + "only MapValueToKey and key columns of the data are read.");
        }
        return new SavedSide(name, keyColumn, KeyVocabulary.OfIndices(count), values);
    }

    private static string Original(IReadOnlyList<ModelKey> stages, int before, string name)
    {
        for (int stage = before - 1; stage >= 0; stage--)
        {
            if (stages[stage].Header.Loader == ColumnCopy.Loader) name = ColumnCopy.Find(stages[stage], name) ?? name;
        }
        return name;
    }
}
