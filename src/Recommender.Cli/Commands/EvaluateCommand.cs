using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using Recommender.Cli.Importing;
using Recommender.Cli.Reporting;
using Recommender.Cli.Terminal;
using Recommender.Evaluation;
using Recommender.Models;
using Recommender.Storage;

namespace Recommender.Cli.Commands;

internal static class EvaluateCommand
{
    public static Command Create()
    {
        var options = new EvaluateOptions();
        var command = new Command("evaluate", """
            Measures how well recipes, or versions of a shop, find what customers chose: every item is ranked for every customer, what they
            had is left out, and the first N are compared with what they chose beyond it. Popularity and chance are measured beside; all
            figures have 95 % confidence intervals, and several recipes are compared pair by pair on the same customers.

            Examples:
              recommender evaluate --train train.txt.gz --test test.txt.gz
              recommender evaluate --train all.txt.gz --holdout 0.1 --recipe a.json --recipe b.json --report comparison.html
              recommender evaluate --store X --split time --holdout 0.2 --json
              recommender evaluate --store X --model live --model 20261122-041500-ab12cd
              recommender evaluate --train train.txt.gz --test test.txt.gz --recipe a.json --mlnet movies.zip --user-column userId
            """);
        foreach (var option in options.All) command.Add(option);
        command.Validators.Add(options.Validate);
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            var report = ReportFile.At(parsed.GetValue(options.Report));
            try
            {
                var evaluated = await RunAsync(parsed, options, screen, cancellation);
                if (parsed.GetValue(options.Json)) screen.Json(EvaluationJson.Of(evaluated));
                else EvaluationTable.Show(screen, evaluated);
                if (report is not null)
                {
                    await report.WriteAsync(EvaluationReport.Html(evaluated), cancellation);
                    screen.Note($"report: {report.Path}");
                }
                return evaluated.Leaks || evaluated.Rejected > 0 ? ExitCode.Failed : ExitCode.Done;
            }
            catch (ArgumentException problem) when (problem.ParamName is "all" or "set" or "test" or "moments" or "types" or null)
            {
                throw new InputException(problem.Message.Split(" (Parameter")[0]);
            }
        });
        return command;
    }

    private static async Task<Evaluated> RunAsync(ParseResult parsed, EvaluateOptions options, Screen screen, CancellationToken cancellation)
    {
        var seed = (ulong)parsed.GetValue(options.Seed);
        var recipes = Contenders.Recipes(parsed.GetValue(options.Recipe) ?? []);
        var saved = await Contenders.OfMlNetAsync(parsed.GetValue(options.MlNet) ?? [], parsed.GetValue(options.UserColumn), screen, cancellation);
        if (parsed.GetValue(options.Train) is not { } train)
            return await OfShopAsync(parsed, options, recipes, saved, screen, cancellation);
        var split = parsed.GetValue(options.Test) is { } test
            ? EvaluationSplit.OfTwoFiles(train, test, cancellation)
            : EvaluationSplit.OfOneFile(train, parsed.GetValue(options.HoldOut) ?? EvaluateOptions.DefaultShare, seed, cancellation);
        foreach (var line in split.Rejected.Take(ImportSummary.ExampleLimit)) screen.Note($"rejected: {line}");
        Contender[] contenders = recipes.Length + saved.Length == 0 ? [Contenders.Of("default recipe", new Recipe())] : [.. recipes, .. saved];
        return await MeasureAsync(parsed, options, split, contenders, screen, cancellation);
    }

    private static async Task<Evaluated> OfShopAsync(ParseResult parsed, EvaluateOptions options, Contender[] recipes, Contender[] saved, Screen screen,
        CancellationToken cancellation)
    {
        await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(options.Store), cancellation);
        Contender[] versions = await Contenders.VersionsAsync(shop, parsed.GetValue(options.Model) ?? [], cancellation);
        Contender[] contenders = recipes.Length + versions.Length + saved.Length == 0
            ? [Contenders.Of("the shop's recipe", shop.Recipe)]
            : [.. recipes, .. versions, .. saved.Select(one => one with { Confidence = shop.Recipe.Confidence })];
        double share = parsed.GetValue(options.HoldOut) ?? EvaluateOptions.DefaultShare;
        var source = new StoreSplit(shop, [.. contenders.Select(contender => contender.Confidence)], share);
        string kind = parsed.GetValue(options.Split) ?? (recipes.Length == 0 && versions.Length > 0 ? EvaluateOptions.Standing : EvaluateOptions.ByTime);
        screen.Note("reading events");
        var split = await (kind switch
        {
            EvaluateOptions.AtRandom => source.AtRandomAsync((ulong)parsed.GetValue(options.Seed), cancellation),
            EvaluateOptions.Standing => source.StandingAsync(cancellation),
            _ => source.ByTimeAsync(new TimeSplitOptions { Types = [.. parsed.GetValue(options.Chosen)!], RepeatsCount = parsed.GetValue(options.Repeats) }, cancellation),
        });
        return await MeasureAsync(parsed, options, split, contenders, screen, cancellation);
    }

    private static async Task<Evaluated> MeasureAsync(ParseResult parsed, EvaluateOptions options, EvaluationSplit split, IReadOnlyList<Contender> contenders,
        Screen screen, CancellationToken cancellation)
    {
        var seed = (ulong)parsed.GetValue(options.Seed);
        if (parsed.GetValue(options.Shuffle)) split = split.Shuffle(seed);
        ImmutableArray<int> cutoffs = [.. parsed.GetValue(options.Cutoffs)!];
        var data = MeasuredData.Of(split.HoldOut, split.Origin, split.Candidates?.Count ?? split.HoldOut.Train.Items.Count, split.IsShuffled);
        if (data.Measured == 0) throw new InputException("nobody has anything to be found: no customer of the test part has an item");
        var (models, summary) = await ProgressBar.RunAsync(screen, "evaluating", progress => Task.Run(() =>
            new EvaluationRun(split, cutoffs, seed, parsed.GetValue(options.Threads), progress, Checkpoint).RunAsync(contenders, cancellation), cancellation));
        // Each contender has its own, so that they do not replace each other's.
        TrainingCheckpoint? Checkpoint(int contender) => parsed.GetValue(options.Checkpoint) is { } folder
            ? new TrainingCheckpoint(Path.Combine(folder.FullName, $"{contender + 1}"), screen.Note)
            : null;
        string code = typeof(Training).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        string line = CommandLine.WithoutPasswords($"recommender {string.Join(' ', parsed.Tokens.Select(token => Quoted(token.Value)))}");
        var circumstances = new Circumstances(seed, line, code, TimeProvider.System.GetUtcNow(), Process.GetCurrentProcess().PeakWorkingSet64);
        return new Evaluated(data, models, summary, circumstances, split.HoldOut.Train.People) { Rejected = split.Rejected.Count };
    }

    private static string Quoted(string argument) => argument.Contains(' ', StringComparison.Ordinal) ? $"'{argument}'" : argument;
}
