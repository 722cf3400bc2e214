using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>
/// A model whose items have other numbers than those that are measured: one that was trained before, or from events that weigh otherwise.
/// Items that it does not know it does not answer, and are missed.
/// </summary>
public sealed class TranslatedRanking : IRanking
{
    private readonly TrainedModel _model;
    private readonly InteractionMatrix _histories;
    private readonly int[] _toHistory, _historyToModel, _toModel, _fromModel;

    /// <param name="name">For tables.</param>
    /// <param name="model">What ranks.</param>
    /// <param name="measured">Whose rows and columns are measured.</param>
    /// <param name="histories">What the model reads as the customers' histories, by its own weights; people and items are found by their ids.</param>
    public TranslatedRanking(string name, TrainedModel model, TrainingSet measured, TrainingSet histories)
    {
        (Name, _model, _histories) = (name, model, histories.Matrix);
        _toHistory = Numbers(measured.People, histories.People);
        _historyToModel = Numbers(histories.Items, model.Items);
        _toModel = Numbers(measured.Items, model.Items);
        _fromModel = Numbers(model.Items, measured.Items);
    }

    public string Name { get; }

    public IRanker Ranker(int count) => new OfThread(this, count);

    private static int[] Numbers(Vocabulary of, Vocabulary @in) =>
        [.. Enumerable.Range(0, of.Count).Select(number => @in.TryGetNumber(of[number], out int other) ? other : -1)];

    private sealed class OfThread(TranslatedRanking ranking, int count) : IRanker
    {
        private readonly Scorer _scorer = new(ranking._model);
        private readonly ItemMask _eligible = new(ranking._model.Items.Count);
        private readonly ScoredItem[] _top = new ScoredItem[Math.Min(count, ranking._model.Items.Count)];
        private ItemMask? _translated;

        public ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded)
        {
            Translate(eligible);
            InteractionRow known = ranking._toHistory[row] is var person and >= 0 ? ranking._histories.Row(person) : default;
            var items = new List<int>();
            var confidences = new List<float>();
            for (int k = 0; k < known.Length; k++)
            {
                if (ranking._historyToModel[known.Columns[k]] is not (var item and >= 0)) continue;
                items.Add(item);
                confidences.Add(known.Confidence(k));
            }
            int found = _scorer.Personalised([.. items], [.. confidences], _eligible, [.. Translated(excluded)], _top);
            for (int k = 0; k < found; k++) _top[k] = _top[k] with { Item = ranking._fromModel[_top[k].Item] };
            return _top.AsSpan(0, found);
        }

        // The same mask for every customer, so that it is translated once.
        private void Translate(ItemMask eligible)
        {
            if (ReferenceEquals(eligible, _translated)) return;
            for (int item = 0; item < _eligible.Length; item++) _eligible[item] = ranking._fromModel[item] is var number and >= 0 && eligible[number];
            _translated = eligible;
        }

        private List<int> Translated(ReadOnlySpan<int> items)
        {
            var translated = new List<int>(items.Length);
            foreach (int item in items)
            {
                if (ranking._toModel[item] is var number and >= 0) translated.Add(number);
            }
            return translated;
        }
    }
}
