using System.Globalization;
using Recommender.Evaluation;
using Recommender.Scoring;

namespace Recommender.Tuning;

/// <summary>The figure that is to become as high as possible: the mean over customers of one metric at one length of list.</summary>
/// <param name="Metric">One of <see cref="Metrics"/>.</param>
/// <param name="Cutoff">Length of the list.</param>
public sealed record Objective(string Metric, int Cutoff)
{
    public const int LongestList = 1000;

    public static IReadOnlyList<string> Metrics { get; } = ["ndcg", "recall", "mrr", "precision"];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Metric}@{Cutoff}");

    /// <summary>Reads "ndcg@20".</summary>
    /// <exception cref="TuningException">Not a metric and a length.</exception>
    public static Objective Parse(string text)
    {
        string[] parts = text.Split('@');
        if (parts.Length == 2 && Metrics.Contains(parts[0]) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int cutoff)
            && cutoff is >= 1 and <= LongestList) return new Objective(parts[0], cutoff);
        throw new TuningException(
            $"'{text}' cannot be aimed at; it is {string.Join(", ", Metrics.Select(metric => $"{metric}@N"))} with N from 1 to {LongestList}"
            + $"{NearestName.Hint(parts[0], Metrics)}");
    }

    internal double Of(ReadOnlySpan<ScoredItem> list, ReadOnlySpan<int> chosen)
    {
        RankingMetrics metrics = RankingMetrics.Of(list, chosen, Cutoff);
        return Metric switch { "recall" => metrics.Recall, "mrr" => metrics.ReciprocalRank, "precision" => metrics.Precision, _ => metrics.Ndcg };
    }

    internal double[] Of(RankingResult result)
    {
        CutoffMetrics metrics = result.At(Cutoff);
        return Metric switch { "recall" => metrics.Recall, "mrr" => metrics.ReciprocalRank, "precision" => metrics.Precision, _ => metrics.Ndcg };
    }
}

/// <summary>A tuning that cannot begin or go on; the message says why and what would help.</summary>
public sealed class TuningException : Exception
{
    public TuningException(string message) : base(message) { }

    public TuningException(string message, Exception cause) : base(message, cause) { }
}
