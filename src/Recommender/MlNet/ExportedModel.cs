using Recommender.Interactions;
using Recommender.Models;
using Recommender.Questionnaires;

namespace Recommender.MlNet;

/// <summary>
/// A model of ours as ML.NET keeps one: its customers in the columns, as ML.NET's tutorial has them, its items in the rows. Only the factors
/// travel: what popularity and item-item parts add to an answer stays behind, and nobody is folded in there.
/// </summary>
public static class ExportedModel
{
    /// <param name="model">With its customers.</param>
    /// <param name="customerColumn">What the data calls its column of customers.</param>
    /// <param name="itemColumn">What it calls that of items.</param>
    /// <returns>The factorization. Visitors and answers are not in it: ML.NET's users know customers and items.</returns>
    /// <exception cref="InvalidModelException">It has no customers, or its names are one and the same.</exception>
    public static SavedFactorization Of(TrainedModel model, string customerColumn, string itemColumn)
    {
        if (customerColumn == itemColumn) throw new InvalidModelException($"Customers and items are both to be in the column '{itemColumn}'.");
        if (model.Customers is not { } customers)
            throw new InvalidModelException($"Model '{model.Card.Id}' has no customers with it, and ML.NET predicts for those it knows alone.");
        int[] people = Numbers(customers.People, key => IdOf(key).Length > 0),
            items = Numbers(model.Items, key => key.Length > 0 && !AnswerColumns.IsColumn(key));
        if (people.Length == 0)
            throw new InvalidModelException(
                $"Model '{model.Card.Id}' knows no customer (only visitors): ML.NET would have nobody to predict for.");
        return new SavedFactorization(
            Side(itemColumn, items, number => model.Items[number], number => model.ItemFactors.Row(number), model.ItemFactors.Factors),
            Side(customerColumn, people, number => IdOf(customers.People[number]), number => customers.Factors.Row(number), customers.Factors.Factors),
            model.ItemFactors.Factors);
    }

    private delegate ReadOnlySpan<float> RowOf(int number);

    private static int[] Numbers(Vocabulary vocabulary, Func<string, bool> wanted) =>
        [.. Enumerable.Range(0, vocabulary.Count).Where(number => wanted(vocabulary[number]))];

    /// <summary>A customer's id; empty for a visitor. A key from a file has neither mark and is an id.</summary>
    private static string IdOf(string key) => TrainingSet.CustomerOf(key) ?? (TrainingSet.IsVisitor(key) ? "" : key);

    private static SavedSide Side(string column, int[] numbers, Func<int, string> idOf, RowOf rowOf, int factors)
    {
        float[] values = new float[(long)numbers.Length * factors];
        for (int k = 0; k < numbers.Length; k++) rowOf(numbers[k]).CopyTo(values.AsSpan(k * factors));
        return new SavedSide(column, column + "Key", KeyVocabulary.OfTexts(Array.ConvertAll(numbers, number => idOf(number))), values);
    }
}
