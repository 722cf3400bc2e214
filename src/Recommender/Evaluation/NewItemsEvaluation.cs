using System.Collections.Immutable;
using Recommender.Catalogue;
using Recommender.ColdStart;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>One part of the catalogue held out, and how it was ranked by its attributes.</summary>
/// <param name="Among">Ranked among the items that were held out: placed by attributes, by the popularity that attributes let expect, at random.</param>
/// <param name="Whole">The same in the whole catalogue, what the customers had left out.</param>
/// <param name="Together">
/// Whole catalogue, a part of everybody's choices of known and new items to be found: known items alone, then with the new ones.
/// </param>
/// <param name="ChosenShare">Part of these choices that is of new items.</param>
/// <param name="ShownShare">Part of the lists that is.</param>
public sealed record NewItemsResult(ImmutableArray<RankingResult> Among, ImmutableArray<RankingResult> Whole, ImmutableArray<RankingResult> Together,
    double ChosenShare, double ShownShare);

/// <summary>
/// Measures how well new items are placed by their attributes: a part of the items is not learned from, and whoever chose one of them is to
/// be offered it.
/// </summary>
public static class NewItemsEvaluation
{
    private const double ChoicesHeldOut = 0.2;

    /// <param name="all">With a catalogue.</param>
    /// <param name="recipe">How the other items are learned.</param>
    /// <param name="share">Part of the items that is held out.</param>
    /// <param name="options">How lists are measured.</param>
    /// <param name="conditions">Seed (also which items) and threads.</param>
    /// <param name="cancellation">Stops within milliseconds.</param>
    /// <exception cref="ArgumentException">The set has no catalogue, or no attribute that places anything.</exception>
    public static NewItemsResult Run(TrainingSet all, Recipe recipe, double share, EvaluationOptions options, TrainingConditions conditions,
        CancellationToken cancellation)
    {
        if (share is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "The share of items that is held out is above 0 and below 1.");
        if (all.Catalogue is not { Count: > 0 } catalogue) throw new ArgumentException("New items are placed by their attributes: the set needs a catalogue.", nameof(all));
        int[] order = [.. Enumerable.Range(0, all.Items.Count)];
        new Random((int)conditions.Seed).Shuffle(order);
        int fresh = (int)Math.Round(share * order.Length), known = order.Length - fresh;
        int[] numbers = new int[order.Length];
        for (int place = 0; place < order.Length; place++) numbers[order[place]] = place;

        (InteractionMatrix train, InteractionMatrix ofNew, InteractionMatrix together) = Split(all.Matrix, numbers, known, conditions.Seed);
        var names = new VocabularyBuilder();
        foreach (int item in order.AsSpan(0, known)) names.Add(all.Items[item]);
        Vocabulary learned = names.Build();
        TrainingSet set = all with { Items = learned, Matrix = Columns(train, known), Repeats = all.Repeats?.Renumbered(all.Items, learned), Habits = null };
        TrainedModel model = Training.Run(set, recipe, conditions, cancellation);
        if (model.Placement is not { } placement) throw new ArgumentException("No attribute of the catalogue is had by several items: nothing places a new one.", nameof(all));
        var placed = Enumerable.Range(known, fresh).Select(number => (number, catalogue.TryGetValue(all.Items[order[number]], out Item? item)
            ? placement.Place(item, recipe.NewItems.Lookalikes) : null)).ToList();
        Newcomers newcomers = Newcomers.None(known).With(placed, model.ItemFactors.Factors);

        float[] expected = [.. model.Popularity.Means, .. placed.Select(one => one.Item2?.Popularity ?? 0)];
        IRanking[] rankings = [new PlacedRanking(model, newcomers), new ExpectedPopularity(expected), new RandomRanking(order.Length, conditions.Seed)];
        EvaluationOptions Among(int from, int to) => options with { Candidates = Mask(order.Length, from, to) };
        var mixed = RankingEvaluation.Run([rankings[0]], train, together, Among(0, known), null, cancellation)
            .AddRange(RankingEvaluation.Run([rankings[0]], train, together, options, null, cancellation));
        return new NewItemsResult(RankingEvaluation.Run(rankings, train, ofNew, Among(known, order.Length), null, cancellation),
            RankingEvaluation.Run(rankings, train, ofNew, options, null, cancellation), mixed,
            together.Columns.ToArray().Count(column => column >= known) / (double)together.Count,
            mixed[1].Exposures.Skip(known).Sum(count => (double)count) / mixed[1].Exposures.Sum(count => (double)count));
    }

    // What is learned; all choices of new items; a part of the choices of all.
    private static (InteractionMatrix Train, InteractionMatrix OfNew, InteractionMatrix Together) Split(InteractionMatrix all, int[] numbers, int known, ulong seed)
    {
        var train = new List<(int, int)>();
        var ofNew = new List<(int, int)>();
        var together = new List<(int, int)>();
        for (int row = 0; row < all.RowCount; row++)
        {
            Random random = HoldOut.RandomOf(seed, row);
            foreach (int column in all.Row(row).Columns)
            {
                bool held = random.NextDouble() < ChoicesHeldOut;
                if (held) together.Add((row, numbers[column]));
                if (numbers[column] >= known) ofNew.Add((row, numbers[column]));
                else if (!held) train.Add((row, numbers[column]));
            }
        }
        InteractionMatrix Of(List<(int, int)> pairs) => InteractionMatrix.FromPairs(all.RowCount, all.ColumnCount, pairs);
        return (Of(train), Of(ofNew), Of(together));
    }

    private static InteractionMatrix Columns(InteractionMatrix matrix, int count) => new(count, matrix.RowStarts.ToArray(), matrix.Columns.ToArray(), null);

    private static ItemMask Mask(int length, int from, int to)
    {
        var mask = new ItemMask(length);
        for (int item = from; item < to; item++) mask.Set(item);
        return mask;
    }

    private sealed class PlacedRanking(TrainedModel model, Newcomers newcomers) : IRanking
    {
        public string Name => "attributes";

        public IRanker Ranker(int count) => new OfThread(new Scorer(model) { Newcomers = newcomers }, count);

        private sealed class OfThread(Scorer scorer, int count) : IRanker
        {
            private readonly ScoredItem[] _top = new ScoredItem[count];

            public ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded) =>
                _top.AsSpan(0, scorer.Personalised(history.Columns, Enumerable.Repeat(1f, history.Length).ToArray(), eligible, excluded, _top));
        }
    }

    private sealed class ExpectedPopularity(float[] expected) : IRanking
    {
        private readonly int[] _order = [.. Enumerable.Range(0, expected.Length).OrderByDescending(item => expected[item]).ThenBy(item => item)];

        public string Name => "popularity";

        public IRanker Ranker(int count) => new OfThread(_order, expected, count);

        private sealed class OfThread(int[] order, float[] expected, int count) : IRanker
        {
            private readonly ScoredItem[] _top = new ScoredItem[count];

            public ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded)
            {
                int found = 0;
                foreach (int item in order)
                {
                    if (found == _top.Length) break;
                    if (eligible[item] && excluded.BinarySearch(item) < 0) _top[found++] = new ScoredItem(item, expected[item]);
                }
                return _top.AsSpan(0, found);
            }
        }
    }
}
