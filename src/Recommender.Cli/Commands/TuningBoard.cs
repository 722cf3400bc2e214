using System.Globalization;
using Recommender.Cli.Terminal;
using Recommender.Tuning;
using Spectre.Console;

namespace Recommender.Cli.Commands;

/// <summary>The leader board of a tuning: a table that lives on a terminal, in a pipe a line a trial.</summary>
internal static class TuningBoard
{
    private const int Shown = 10;

    public static Task<T> RunAsync<T>(Screen screen, Objective objective, Func<IProgress<Trial>, Task<T>> work) =>
        screen.IsTerminal ? WithTableAsync(screen, objective, work) : work(new Lines(screen, objective));

    /// <summary>One trial in one line: what was tried, how it did, what it cost, where it stands among those looked at as closely.</summary>
    public static string Line(Trial trial, Objective objective) => string.Create(CultureInfo.InvariantCulture,
        $"trial {trial.Number,3}  {trial.Fidelity,-6}  {Result(trial, objective)}  {trial.CpuSeconds,6:0.0} CPU s  {trial.What}");

    private static string Result(Trial trial, Objective objective) => trial.Skipped is { } reason ? $"skipped: {reason}"
        : string.Create(CultureInfo.InvariantCulture, $"{objective} {trial.Figure:0.0000}  rank {trial.Rank,-2}");

    private static async Task<T> WithTableAsync<T>(Screen screen, Objective objective, Func<IProgress<Trial>, Task<T>> work)
    {
        var trials = new List<Trial>();
        return await screen.Error.Live(Table(trials, objective))
            .StartAsync(context => work(new Rows(trials, () => context.UpdateTarget(Table(trials, objective)))));
    }

    // Those looked at most closely stand first: only figures of the same closeness can be compared.
    private static Table Table(List<Trial> trials, Objective objective)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumns("looked at", objective.ToString(), "CPU s", "what");
        string[] closeness = ["full", "fine", "coarse"];
        foreach (var trial in trials.Where(trial => trial.Skipped is null).OrderBy(trial => Array.IndexOf(closeness, trial.Fidelity))
            .ThenByDescending(trial => trial.Figure).ThenBy(trial => trial.Number).Take(Shown))
        {
            table.AddRow(trial.Fidelity, trial.Figure.ToString("0.0000", CultureInfo.InvariantCulture),
                trial.CpuSeconds.ToString("0.0", CultureInfo.InvariantCulture), Markup.Escape(trial.What));
        }
        table.Caption(Markup.Escape(trials.Count == 0 ? "the first trial is the start; Ctrl-C ends with the best so far" : Line(trials[^1], objective)));
        return table;
    }

    private sealed class Lines(Screen screen, Objective objective) : IProgress<Trial>
    {
        public void Report(Trial value) => screen.Note(Line(value, objective));
    }

    private sealed class Rows(List<Trial> trials, Action changed) : IProgress<Trial>
    {
        public void Report(Trial value)
        {
            trials.Add(value);
            changed();
        }
    }
}
