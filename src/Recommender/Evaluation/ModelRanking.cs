using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>A model as it answers a request: the history is folded in, whatever the training knew of the customer.</summary>
public sealed class ModelRanking(string name, TrainedModel model) : IRanking
{
    public string Name => name;

    public IRanker Ranker(int count) => new OfThread(model, count);

    private sealed class OfThread(TrainedModel model, int count) : IRanker
    {
        private readonly Scorer _scorer = new(model);
        private readonly ScoredItem[] _top = new ScoredItem[Math.Min(count, model.Items.Count)];
        private float[] _ones = [];

        public ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded)
        {
            ReadOnlySpan<float> confidences = history.Confidences;
            if (confidences.IsEmpty)
            {
                if (_ones.Length < history.Length)
                {
                    _ones = new float[history.Length * 2];
                    Array.Fill(_ones, 1);
                }
                confidences = _ones.AsSpan(0, history.Length);
            }
            return _top.AsSpan(0, _scorer.Personalised(history.Columns, confidences, eligible, excluded, _top));
        }
    }
}
