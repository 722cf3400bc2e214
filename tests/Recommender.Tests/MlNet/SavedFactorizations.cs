using Recommender.MlNet;

namespace Recommender.Tests.MlNet;

/// <summary>Small factorizations with known keys and factors that no rounding makes prettier.</summary>
internal static class SavedFactorizations
{
    public static SavedFactorization Of(KeyVocabulary rows, KeyVocabulary columns, int factors = 3, int seed = 1, string row = "UserId",
        string column = "ItemId")
    {
        var random = new Random(seed);
        return new SavedFactorization(Side(row, rows), Side(column, columns), factors);

        SavedSide Side(string name, KeyVocabulary keys) => new(name, keys.IsIndex ? name : name + "Key", keys, Floats(keys.Count * factors));

        float[] Floats(int count)
        {
            float[] floats = new float[count];
            foreach (ref float value in floats.AsSpan()) value = (float)(2 * random.NextDouble() - 1);
            return floats;
        }
    }

    public static KeyVocabulary Texts(params string[] texts) => KeyVocabulary.OfTexts(texts);

    public static void AssertSame(SavedFactorization expected, SavedFactorization actual)
    {
        Assert.Equal(expected.Factors, actual.Factors);
        AssertSame(expected.Rows, actual.Rows);
        AssertSame(expected.Columns, actual.Columns);
    }

    private static void AssertSame(SavedSide expected, SavedSide actual)
    {
        Assert.Equal((expected.InputColumn, expected.KeyColumn, expected.Keys.Kind, expected.Keys.Count),
            (actual.InputColumn, actual.KeyColumn, actual.Keys.Kind, actual.Keys.Count));
        Assert.Equal(expected.Keys.Packed.ToArray(), actual.Keys.Packed.ToArray());
        for (int number = 0; number < expected.Keys.Count; number++) Assert.Equal(expected.Keys[number], actual.Keys[number]);
        // By their bits: a NaN stays the one it was.
        Assert.Equal(Array.ConvertAll(expected.Values.ToArray(), BitConverter.SingleToInt32Bits),
            Array.ConvertAll(actual.Values.ToArray(), BitConverter.SingleToInt32Bits));
    }
}
