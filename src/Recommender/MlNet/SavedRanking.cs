using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.MlNet;

/// <summary>
/// An ML.NET model as it is: every item by the prediction for the customer, nothing folded in. Whom it does not know gets no list, as ML.NET
/// gives them no number.
/// </summary>
/// <param name="name">For tables.</param>
/// <param name="model">The model.</param>
/// <param name="people">Rows of the matrices that are measured; keys of customers or plain ids.</param>
/// <param name="items">Their columns. What the model does not know is not ranked.</param>
public sealed class SavedRanking(string name, MatrixFactorizationModel model, Vocabulary people, Vocabulary items) : IRanking
{
    private readonly int[] _customers = Numbers(people, model.Customers.Keys);
    private readonly int[] _items = Numbers(items, model.Items.Keys);

    public string Name => name;

    /// <summary>People of those measured whom the model knows.</summary>
    public int KnownPeople => _customers.Count(number => number >= 0);

    /// <summary>Items of those measured that the model knows.</summary>
    public int KnownItems => _items.Count(number => number >= 0);

    public IRanker Ranker(int count) => new OfThread(this, model, count);

    private static int[] Numbers(Vocabulary vocabulary, KeyVocabulary keys)
    {
        var numbers = new int[vocabulary.Count];
        for (int k = 0; k < numbers.Length; k++)
        {
            string key = TrainingSet.CustomerOf(vocabulary[k]) ?? vocabulary[k];
            numbers[k] = keys.TryGetNumber(key, out int number) ? number : -1;
        }
        return numbers;
    }

    private sealed class OfThread(SavedRanking ranking, MatrixFactorizationModel model, int count) : IRanker
    {
        private readonly ScoredItem[] _top = new ScoredItem[Math.Min(count, ranking._items.Length)];
        private readonly ItemMask _excluded = new(ranking._items.Length);

        public ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded)
        {
            int customer = ranking._customers[row];
            if (customer < 0) return [];
            foreach (int item in excluded) _excluded.Set(item);
            var heap = new TopHeap(_top);
            for (int item = 0; item < ranking._items.Length; item++)
            {
                if (ranking._items[item] < 0 || !eligible[item] || _excluded[item]) continue;
                float score = model.Predict(customer, ranking._items[item]);
                if (!float.IsNaN(score)) heap.Offer(item, score);
            }
            foreach (int item in excluded) _excluded.Clear(item);
            return _top.AsSpan(0, heap.Finish());
        }
    }
}
