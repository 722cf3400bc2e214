namespace Recommender.Cli.Reporting;

internal static class EvaluationReport
{
    public static string Html(Evaluated evaluated) => evaluated.Verdict;
}
