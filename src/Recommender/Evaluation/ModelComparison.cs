using System.Collections.Immutable;
using System.Globalization;
using Recommender.Models;
using Recommender.Questionnaires;

namespace Recommender.Evaluation;

/// <summary>How a model does beside the one that is live, on what neither has learned (<see cref="StandingHoldOut"/>).</summary>
/// <param name="Customers">How many had something held out.</param>
/// <param name="Candidate">Mean NDCG@20 of the model in question.</param>
/// <param name="Live">Of the live one, on the same customers.</param>
/// <param name="Difference">Candidate less live, paired by customer.</param>
public sealed record ModelComparison(int Customers, Interval Candidate, Interval Live, Interval Difference)
{
    /// <summary>Length of list at which models are compared.</summary>
    public const int At = 20;

    /// <summary>With fewer customers than this no difference of a size that matters could be seen.</summary>
    public const int FewestCustomers = 100;

    /// <summary>Whether even the most favourable end of the interval is worse than the live model.</summary>
    public bool Worse => Difference.High < 0;

    /// <param name="candidate">The model in question, with the histories as it reads them.</param>
    /// <param name="live">The live one, with the histories as it reads them: the two may weigh events differently. People and items are the same.</param>
    /// <returns>Null where too few customers have anything held out.</returns>
    public static ModelComparison? Of((TrainedModel Model, HoldOut HoldOut) candidate, (TrainedModel Model, HoldOut HoldOut) live, int threads,
        CancellationToken cancellation)
    {
        if (Enumerable.Range(0, candidate.HoldOut.Test.RowCount).Count(row => candidate.HoldOut.Test.Row(row).Length > 0) < FewestCustomers) return null;
        RankingResult of = Measure(candidate), beside = Measure(live with { HoldOut = live.HoldOut with { Test = candidate.HoldOut.Test } });
        return new ModelComparison(of.Rows.Length, Bootstrap.Mean(of.At(At).Ndcg), Bootstrap.Mean(beside.At(At).Ndcg),
            Bootstrap.Difference(of.At(At).Ndcg, beside.At(At).Ndcg));

        RankingResult Measure((TrainedModel Model, HoldOut HoldOut) one) => RankingEvaluation.Run(
            [new ModelRanking(one.Model.Card.Id, one.Model, one.HoldOut.Train.Items)], one.HoldOut.Train.Matrix, one.HoldOut.Test,
            Options(one.HoldOut, threads), ranked: null, cancellation)[0];
    }

    /// <summary>For people and records: both figures, the difference with its interval, and of how many customers.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"NDCG@{At} {Candidate.Mean:0.0000} against {Live.Mean:0.0000} of the live version, difference {Difference.Mean:+0.0000;-0.0000} ({Difference.Low:+0.0000;-0.0000} to {Difference.High:+0.0000;-0.0000}) over {Customers} customers");

    /// <summary>What is known of a model by the same hold-out when it is trained: for its card.</summary>
    public static ImmutableSortedDictionary<string, double> Metrics(TrainedModel model, HoldOut holdOut, int threads, CancellationToken cancellation)
    {
        if (holdOut.Test.Count == 0) return ImmutableSortedDictionary<string, double>.Empty;
        ImmutableArray<RankingResult> results = RankingEvaluation.Run([new ModelRanking("model", model), new PopularityRanking(holdOut.Train.Matrix)],
            holdOut.Train.Matrix, holdOut.Test, Options(holdOut, threads), ranked: null, cancellation);
        Interval recall = Bootstrap.Mean(results[0].At(At).Recall), ndcg = Bootstrap.Mean(results[0].At(At).Ndcg);
        return new Dictionary<string, double>
        {
            [$"recall@{At}"] = recall.Mean,
            [$"recall@{At}_low"] = recall.Low,
            [$"recall@{At}_high"] = recall.High,
            [$"ndcg@{At}"] = ndcg.Mean,
            [$"ndcg@{At}_low"] = ndcg.Low,
            [$"ndcg@{At}_high"] = ndcg.High,
            [$"popularity_recall@{At}"] = results[1].At(At).MeanRecall,
            [$"popularity_ndcg@{At}"] = results[1].At(At).MeanNdcg,
            ["customers_measured"] = results[0].Rows.Length,
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    // Answers to questions are learned from and never offered.
    private static EvaluationOptions Options(HoldOut holdOut, int threads) =>
        new() { Cutoffs = [At], Threads = threads, Candidates = AnswerColumns.ItemsAmong(holdOut.Train.Items) };
}
