using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>A model as it answers a request: the history is folded in, whatever the training knew of the customer.</summary>
/// <param name="name">For tables.</param>
/// <param name="model">What is measured.</param>
/// <param name="items">
/// How the matrices that are measured number the items, where not as the model does: a model of last week does not know what came since.
/// </param>
public sealed class ModelRanking(string name, TrainedModel model, Vocabulary? items = null) : IRanking
{
    public string Name => name;

    public IRanker Ranker(int count) => items is null || ReferenceEquals(items, model.Items)
        ? new OfThread(model, count)
        : new Translating(new OfThread(model, count), model.Items, items);

    private sealed class OfThread(TrainedModel model, int count) : IRanker
    {
        private readonly Scorer _scorer = new(model);
        private readonly ScoredItem[] _top = new ScoredItem[Math.Min(count, model.Items.Count)];
        private float[] _ones = [];

        public ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded) =>
            Rank(history.Columns, history.Confidences, eligible, excluded);

        /// <param name="confidences">Empty where every one is 1.</param>
        public Span<ScoredItem> Rank(ReadOnlySpan<int> known, ReadOnlySpan<float> confidences, ItemMask eligible, ReadOnlySpan<int> excluded)
        {
            if (confidences.IsEmpty)
            {
                if (_ones.Length < known.Length)
                {
                    _ones = new float[known.Length * 2];
                    Array.Fill(_ones, 1);
                }
                confidences = _ones.AsSpan(0, known.Length);
            }
            return _top.AsSpan(0, _scorer.Personalised(known, confidences, eligible, excluded, _top));
        }
    }

    /// <summary>Asks in the model's numbers and answers in those of the matrices. What the model does not know it cannot answer.</summary>
    private sealed class Translating(OfThread ranker, Vocabulary known, Vocabulary measured) : IRanker
    {
        private readonly int[] _toModel =
            [.. Enumerable.Range(0, measured.Count).Select(item => known.TryGetNumber(measured[item], out int number) ? number : -1)];
        private readonly List<int> _history = [], _excluded = [];
        private readonly List<float> _confidences = [];
        private int[]? _toMeasured;
        private ItemMask? _eligible, _translatedFrom;

        public ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded)
        {
            Translate(history);
            _excluded.Clear();
            foreach (int item in excluded)
            {
                if (_toModel[item] >= 0) _excluded.Add(_toModel[item]);
            }
            Span<ScoredItem> ranked = ranker.Rank(Span(_history), Span(_confidences), Eligible(eligible), Span(_excluded));
            foreach (ref ScoredItem one in ranked) one = one with { Item = _toMeasured![one.Item] };
            return ranked;
        }

        private void Translate(InteractionRow history)
        {
            _history.Clear();
            _confidences.Clear();
            for (int k = 0; k < history.Length; k++)
            {
                if (_toModel[history.Columns[k]] is not (>= 0 and var item)) continue;
                _history.Add(item);
                _confidences.Add(history.Confidence(k));
            }
        }

        // All customers of a measurement are asked with the same mask.
        private ItemMask Eligible(ItemMask eligible)
        {
            if (ReferenceEquals(eligible, _translatedFrom)) return _eligible!;
            (_translatedFrom, _eligible, _toMeasured) = (eligible, new ItemMask(known.Count), new int[known.Count]);
            for (int item = 0; item < _toModel.Length; item++)
            {
                if (_toModel[item] < 0) continue;
                _toMeasured[_toModel[item]] = item;
                if (eligible[item]) _eligible.Set(_toModel[item]);
            }
            return _eligible;
        }

        private static Span<T> Span<T>(List<T> list) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list);
    }
}
