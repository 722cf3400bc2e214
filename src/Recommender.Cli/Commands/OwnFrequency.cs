using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.Cli.Commands;

/// <summary>What a customer bought most often, and then what everybody buys: hard to beat where things are bought again.</summary>
internal sealed class OwnFrequency(TrainingSet set) : IRanking
{
    private readonly PopularityRanking _popular = new(set.Matrix);

    public string Name => "own most frequent";

    public IRanker Ranker(int count) => new OfThread(set, _popular.Ranker(count), count);

    private sealed class OfThread(TrainingSet set, IRanker popular, int count) : IRanker
    {
        private readonly ScoredItem[] _top = new ScoredItem[count];

        public ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded)
        {
            int found = 0;
            if (row < set.Habits!.Count)
            {
                foreach (var (item, habit) in set.Habits[row].OrderByDescending(one => one.Habit.Purchases)
                    .ThenByDescending(one => one.Habit.LastDay).Take(count))
                    _top[found++] = new ScoredItem(item, habit.Purchases);
            }
            foreach (var item in popular.Rank(row, history, eligible, history.Columns))
            {
                if (found == count) break;
                _top[found++] = item;
            }
            return _top.AsSpan(0, found);
        }
    }
}
