using System.Collections.Immutable;
using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Tests.Models;

namespace Recommender.Tests.Evaluation;

public sealed class TranslatedRankingTests
{
    private readonly TrainingSet _set = SmallShop.Random(5, customers: 80, items: 40);
    private readonly InteractionMatrix _test = SmallShop.Random(6, customers: 80, items: 40).Matrix;

    [Fact]
    public void A_model_with_other_numbers_for_items_and_customers_answers_as_if_they_were_the_same()
    {
        TrainedModel model = SmallShop.Train(_set, SmallShop.Recipe());
        // The same shop, everybody and everything numbered from the end.
        TrainingSet measured = Backwards(_set);
        InteractionMatrix test = Backwards(_test);
        RankingResult expected = Run(new ModelRanking("model", model), _set.Matrix, _test);
        foreach (TrainingSet histories in (TrainingSet[])[measured, _set])
        {
            RankingResult translated = Run(new TranslatedRanking("model", model, measured, histories), measured.Matrix, test);
            Assert.Equal(expected.At(10).Ndcg, translated.At(10).Ndcg.Reverse());
            Assert.Equal(expected.Exposures.Reverse(), translated.Exposures);
        }
    }

    [Fact]
    public void Items_the_model_does_not_know_are_missed_and_the_others_found()
    {
        TrainedModel model = SmallShop.Train(_set, SmallShop.Recipe());
        var items = new VocabularyBuilder();
        foreach (string id in (string[])["new", .. Enumerable.Range(0, 40).Select(item => $"item{item}")]) items.Add(id);
        var measured = new TrainingSet(_set.People, items.Build(), InteractionMatrix.FromPairs(80, 41, [(0, 1), (1, 0)]));
        RankingResult result = Run(new TranslatedRanking("model", model, measured, measured), measured.Matrix,
            InteractionMatrix.FromPairs(80, 41, [(0, 0), (1, 3)]), at: 40);
        Assert.Equal([0, 1], result.At(40).Recall);
        Assert.Equal((0, 2), (result.Exposures[0], result.Exposures[5]));
    }

    private static RankingResult Run(IRanking ranking, InteractionMatrix train, InteractionMatrix test, int at = 10) => RankingEvaluation.Run([ranking],
        train, test, new EvaluationOptions { Cutoffs = [at], Threads = 2 }, ranked: null, CancellationToken.None)[0];

    private static TrainingSet Backwards(TrainingSet set) => new(Backwards(set.People), Backwards(set.Items), Backwards(set.Matrix));

    private static Vocabulary Backwards(Vocabulary vocabulary)
    {
        var builder = new VocabularyBuilder();
        for (int number = vocabulary.Count - 1; number >= 0; number--) builder.Add(vocabulary[number]);
        return builder.Build();
    }

    private static InteractionMatrix Backwards(InteractionMatrix matrix)
    {
        var starts = new long[matrix.RowCount + 1];
        var columns = new List<int>();
        var confidences = new List<float>();
        for (int row = 0; row < matrix.RowCount; row++)
        {
            InteractionRow from = matrix.Row(matrix.RowCount - 1 - row);
            for (int k = from.Length - 1; k >= 0; k--)
            {
                columns.Add(matrix.ColumnCount - 1 - from.Columns[k]);
                confidences.Add(from.Confidence(k));
            }
            starts[row + 1] = columns.Count;
        }
        return new InteractionMatrix(matrix.ColumnCount, starts, [.. columns], [.. confidences]);
    }
}
