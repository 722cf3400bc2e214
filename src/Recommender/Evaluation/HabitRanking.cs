using Recommender.Interactions;
using Recommender.Models;
using Recommender.Repeats;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>A model where what was bought may come back: the customers' habits, as they were at the end of a training set, count too.</summary>
/// <param name="name">For tables.</param>
/// <param name="model">What is measured.</param>
/// <param name="set">Whose <see cref="TrainingSet.Habits"/> are kept, with rows as in the matrices that are measured.</param>
public sealed class HabitRanking(string name, TrainedModel model, TrainingSet set) : IRanking
{
    public string Name => name;

    public IRanker Ranker(int count) => new OfThread(model, set, count);

    private sealed class OfThread(TrainedModel model, TrainingSet set, int count) : IRanker
    {
        private readonly Scorer _scorer = new(model);
        private readonly ScoredItem[] _top = new ScoredItem[Math.Min(count, model.Items.Count)];
        private readonly double _today = (set.AsOf - DateTimeOffset.UnixEpoch).TotalDays;

        public ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded)
        {
            var due = new List<ScoredItem>();
            if (model.Repeats is { } repeats && set.Habits is { } habits && row < habits.Count)
            {
                foreach ((int item, PurchaseHabit habit) in habits[row])
                {
                    double expected = repeats.Expected(item, habit, _today, model.Card.Recipe.Repeats);
                    if (expected > 0) due.Add(new ScoredItem(item, (float)expected));
                }
            }
            ReadOnlySpan<float> confidences = history.Confidences.IsEmpty ? Enumerable.Repeat(1f, history.Length).ToArray() : history.Confidences;
            return _top.AsSpan(0, _scorer.Personalised(history.Columns, confidences, [], answered: false, due.ToArray(), eligible, excluded, _top));
        }
    }
}
