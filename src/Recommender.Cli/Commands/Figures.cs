using System.Globalization;
using Recommender.Cli.Terminal;
using Recommender.Evaluation;
using Spectre.Console;

namespace Recommender.Cli.Commands;

/// <summary>One line of a measurement: means over customers with 95 % intervals.</summary>
/// <param name="Gain">NDCG less that of what it is compared with, customer by customer; null where it is the measure itself.</param>
internal sealed record Figures(string Name, int Customers, Interval Recall, Interval Ndcg, Interval? Gain)
{
    private const int Cutoff = 20;

    /// <param name="results">Of one ranking, one a part of the data; their customers are put together.</param>
    /// <param name="beside">Of what it is compared with, on the same customers.</param>
    public static Figures Of(string name, IReadOnlyList<RankingResult> results, IReadOnlyList<RankingResult>? beside)
    {
        double[] recall = [.. results.SelectMany(result => result.At(Cutoff).Recall)], ndcg = [.. results.SelectMany(result => result.At(Cutoff).Ndcg)];
        return new Figures(name, ndcg.Length, Bootstrap.Mean(recall), Bootstrap.Mean(ndcg),
            beside is null ? null : Bootstrap.Difference(ndcg, [.. beside.SelectMany(result => result.At(Cutoff).Ndcg)]));
    }

    public static void Show(Screen screen, IReadOnlyList<Figures> rows, bool json)
    {
        if (json)
        {
            screen.Json(rows);
            return;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "customers", "recall@20", "NDCG@20", "gain");
        foreach (var row in rows) table.AddRow(row.Name, $"{row.Customers:N0}", Text(row.Recall), Text(row.Ndcg), row.Gain is { } gain ? Text(gain) : "");
        screen.Out.Write(table);
    }

    public static string Text(Interval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{interval.Mean:0.0000} ({interval.Low:0.0000} to {interval.High:0.0000})");
}
