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
    private readonly int[] _toModel, _fromModel;
    private readonly InteractionMatrix? _histories;
    private readonly int[] _toHistory = [];

    /// <param name="name">For tables.</param>
    /// <param name="model">What ranks.</param>
    /// <param name="measured">Whose rows and columns are measured.</param>
    /// <param name="histories">What the model reads as the customers' histories, with its own numbers; null for those that are measured.</param>
    public TranslatedRanking(string name, TrainedModel model, TrainingSet measured, TrainingSet? histories)
    {
        (Name, _model) = (name, model);
        _toModel = Numbers(measured.Items, model.Items);
        _fromModel = Numbers(model.Items, measured.Items);
        if (histories is null) return;
        _histories = histories.Matrix;
        _toHistory = Numbers(measured.People, histories.People);
        if (!ReferenceEquals(histories.Items, model.Items)) throw new ArgumentException("The histories are not what the model was trained on.", nameof(histories));
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
            var items = new List<int>();
            var confidences = new List<float>();
            InteractionRow known = Known(row, history);
            for (int k = 0; k < known.Length; k++)
            {
                int item = ranking._histories is null ? ranking._toModel[known.Columns[k]] : known.Columns[k];
                if (item < 0) continue;
                items.Add(item);
                confidences.Add(known.Confidence(k));
            }
            int[] left = [.. Translated(excluded)];
            int found = _scorer.Personalised([.. items], [.. confidences], _eligible, left, _top);
            for (int k = 0; k < found; k++) _top[k] = _top[k] with { Item = ranking._fromModel[_top[k].Item] };
            return _top.AsSpan(0, found);
        }

        private InteractionRow Known(int row, InteractionRow history)
        {
            if (ranking._histories is not { } own) return history;
            return ranking._toHistory[row] is var number and >= 0 ? own.Row(number) : default;
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
