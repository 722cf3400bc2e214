using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;

namespace Recommender.Cli.Reporting;

/// <summary>All that table, JSON and report say of one evaluation.</summary>
/// <param name="Data">What was learned and measured on.</param>
/// <param name="Models">In the order of the summary's first rankings.</param>
/// <param name="Summary">The figures.</param>
/// <param name="Circumstances">How it was run.</param>
/// <param name="People">Ids of the rows.</param>
internal sealed record Evaluated(MeasuredData Data, IReadOnlyList<MeasuredModel> Models, EvaluationSummary Summary,
    Circumstances Circumstances, Vocabulary People)
{
    /// <summary>Lines that could not be read.</summary>
    public int Rejected { get; init; }

    public string Verdict => Reporting.Verdict.Of(Summary, Models.Count, Data.IsShuffled);

    /// <summary>Whether something was found where there is nothing to find.</summary>
    public bool Leaks => Data.IsShuffled && Summary.Comparisons.Take(Models.Count).Any(Leak.IsIn);

    public RankingSummary Popularity => Summary.Rankings[Models.Count];
}

/// <param name="Name">As in the summary.</param>
/// <param name="Card">Recipe, seed, version of the code; null for a model that was not trained here.</param>
/// <param name="TrainCpu">Null for a model that was there before.</param>
/// <param name="Warning">Why its figures may be too good; null where they are not.</param>
internal sealed record MeasuredModel(string Name, ModelCard? Card, TimeSpan? TrainCpu, string? Warning)
{
    /// <summary>Where it comes from if not from here.</summary>
    public string? Origin { get; init; }
}

/// <param name="Seed">Of the split, the training and the resamples.</param>
/// <param name="Command">The command line, without passwords.</param>
/// <param name="CodeVersion">Of what measured.</param>
/// <param name="At">When.</param>
/// <param name="PeakBytes">The most memory the process had.</param>
internal sealed record Circumstances(ulong Seed, string Command, string CodeVersion, DateTimeOffset At, long PeakBytes);
