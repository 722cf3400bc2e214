using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using Recommender.Cli.Importing;
using Recommender.Cli.Terminal;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Server.Training;
using Recommender.Similarity;
using Recommender.Storage;
using Recommender.Tuning;

namespace Recommender.Cli.Commands;

internal static class TuneCommand
{
    // Two looks at the start and one at what was found, in full, and something to find.
    private const int FewestTrials = 8;

    private static readonly Option<FileInfo?> _train = new("--train")
    {
        Description = "What is learned: lines of `customer item item ...`, gzip or plain.",
        HelpName = "FILE",
    };
    private static readonly Option<ShopLocation?> _store = SharedOptions.Store();
    private static readonly Option<FileInfo?> _recipe = SharedOptions.RecipeFile("the shop's recipe.json, or the defaults");
    private static readonly Option<string[]> _kinds = new("--kinds")
    {
        Description = "Kinds of item-item parts to try beside those of the recipe, with commas between: random_walk, ... (models/README.md).",
        HelpName = "KIND,KIND,...",
        CustomParser = result =>
            [.. result.Tokens.SelectMany(token =>
                token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<string> _objective = new("--objective")
    {
        Description = "What is to become as high as possible: ndcg@N, recall@N, mrr@N or precision@N.",
        HelpName = "METRIC@N",
        DefaultValueFactory = _ => "ndcg@20",
    };
    private static readonly Option<double> _minutes = Positive(new Option<double>("--minutes")
    {
        Description = "Time for everything, the confirmation included.",
        HelpName = "M",
        DefaultValueFactory = _ => 10,
    });
    private static readonly Option<int?> _trials = new Option<int?>("--trials")
    {
        Description = "End after so many trials instead: the result then depends on nothing but data, recipe and seed.",
        HelpName = "N",
    }.Within(FewestTrials, 100_000);
    private static readonly Option<double?> _cpuSeconds = Positive(new Option<double?>("--train-cpu-seconds")
    {
        Description = "CPU seconds that a training by the recipe may take at most.",
        HelpName = "S",
    });
    private static readonly Option<int?> _maxFactors = new Option<int?>("--max-factors")
    {
        Description = "Factors are not made more than this; left out: not more than twice those of the start.",
        HelpName = "N",
    }.Within(1, 1024);
    private static readonly Option<FileInfo?> _out = new("--out") { Description = "Where the recipe goes; left out: standard output.", HelpName = "FILE" };
    private static readonly Option<bool> _force = new("--force") { Description = "Overwrite the file." };
    private static readonly Option<long> _seed = new Option<long>("--seed")
    {
        Description = "Which items are held out, and the start of every training.",
        HelpName = "N",
        DefaultValueFactory = _ => 42,
    }
        .Within(0, long.MaxValue);
    private static readonly Option<int> _threads = SharedOptions.Threads();
    private static readonly Option<bool> _json = SharedOptions.Json();

    public static Command Create()
    {
        var command = new Command("tune", """
            Searches for a recipe that ranks better on this data: settings of each part, number of factors, blend. It is measured on items
            that are held out of the data, and what wins is compared with the start on others. What cannot be told from chance there is not
            taken; the answer is then the start. Ctrl-C ends the search and answers with the best so far.

            Examples:
              recommender tune --train train.txt.gz --out recipe.json
              recommender tune --train train.txt.gz --minutes 30 --train-cpu-seconds 300 --objective recall@20 --out recipe.json
              recommender tune --store X --trials 40
            """)
        { _train, _store, _recipe, _kinds, _objective, _minutes, _trials, _cpuSeconds, _maxFactors, _out, _force, _seed, _threads, _json };
        command.Validators.Add(result =>
        {
            if (result.GetResult(_train) is not null && result.GetResult(_store) is not null) result.AddError("give --train or --store, not both");
            if (result.GetResult(_trials) is not null && result.GetResult(_minutes) is { Implicit: false })
                result.AddError("give --trials or --minutes, not both");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var screen = new Screen();
        var options = Options(parsed);
        var file = parsed.GetValue(_out);
        bool force = parsed.GetValue(_force);
        if (file is not null) TunedRecipe.RequireRoom(file, force);
        var (set, start) = await ReadAsync(parsed, screen, cancellation);
        ulong seed = (ulong)parsed.GetValue(_seed);
        var conditions = new TrainingConditions { Seed = seed, Threads = parsed.GetValue(_threads) };
        var result = await TuningBoard.RunAsync(screen, options.Objective,
            board => Task.Run(() => Tuner.Run(set, start, options, conditions, board, cancellation), CancellationToken.None));
        string text = TunedRecipe.Text(result, set, options.Objective, seed, Again(parsed), conditions.Clock.GetUtcNow());
        if (file is not null) TunedRecipe.Write(file, text, force);
        Show(screen, parsed, result, options.Objective, text);
        return result.Confirmation is null ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static TuningOptions Options(ParseResult parsed) => new()
    {
        Objective = Objective.Parse(parsed.GetValue(_objective)!),
        Time = TimeSpan.FromMinutes(parsed.GetValue(_minutes)),
        Trials = parsed.GetValue(_trials),
        TrainCpuSeconds = parsed.GetValue(_cpuSeconds),
        MaxFactors = parsed.GetValue(_maxFactors),
        Offered = [.. parsed.GetValue(_kinds)!.SelectMany(kind => Offered(kind))],
    };

    // Read as a recipe would be: with the kind's own defaults, and with a hint where there is no such kind.
    private static ImmutableArray<SimilarityOptions> Offered(string kind) =>
        Recipe.Parse(Encoding.UTF8.GetBytes($$"""{ "similarities": [{ "kind": {{System.Text.Json.JsonSerializer.Serialize(kind)}} }] }""")).Similarities;

    private static async Task<(TrainingSet, Recipe)> ReadAsync(ParseResult parsed, Screen screen, CancellationToken cancellation)
    {
        if (parsed.GetValue(_train) is { } file)
        {
            var recipe = parsed.GetValue(_recipe) is { } given ? RecipeFile.Read(given) : new Recipe();
            var rejected = new List<RejectedLine>();
            var set = LightGcn.Read(file.FullName, rejected, cancellation);
            foreach (var line in rejected.Take(ImportSummary.ExampleLimit)) screen.Note($"rejected: {line}");
            return (set, recipe);
        }
        await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(_store), cancellation);
        var ofShop = parsed.GetValue(_recipe) is { } other ? RecipeFile.Read(other) : shop.Recipe;
        var events = await ProgressBar.RunAsync(screen, "reading", progress => shop.Models.ReadAsync(ofShop.Confidence, new Steps(progress), cancellation));
        return (events, ofShop);
    }

    private static void Show(Screen screen, ParseResult parsed, TuningResult result, Objective objective, string text)
    {
        var file = parsed.GetValue(_out);
        if (result.Search is { } search) screen.Note(TunedRecipe.Compared("where it was searched", search, objective));
        if (result.Confirmation is { } confirmation)
        {
            screen.Note(TunedRecipe.Compared("where it was confirmed, on what the search never saw", confirmation, objective));
            screen.Note(string.Create(CultureInfo.InvariantCulture, $"training what was found took {confirmation.TrainCpuSeconds:0.0} CPU seconds"));
        }
        screen.Note($"{result.Trials} trials; {result.Verdict}");
        if (file is not null)
        {
            screen.Note($"{file} is written");
            screen.Note(parsed.GetValue(_train) is { } train
                ? $"next: recommender evaluate --train {train} --test FILE --recipe {file}"
                : $"next: recommender train --store {parsed.StoreOf(_store)} --recipe {file}");
        }
        if (parsed.GetValue(_json))
        {
            screen.Json(new
            {
                objective = objective.ToString(),
                result.Trials,
                result.Verdict,
                unchanged = result.IsStart,
                interrupted = result.Confirmation is null,
                result.Search,
                result.Confirmation,
                result.DataFingerprint,
                recipe = System.Text.Json.Nodes.JsonNode.Parse(result.Recipe.ToJson()),
            });
        }
        else if (file is null) screen.Out.Profile.Out.Writer.Write(text);
    }

    // What was asked for, without what does not change the result; a location never shows its password.
    private static string Again(ParseResult parsed)
    {
        var command = new StringBuilder("recommender tune");
        command.Append(parsed.GetValue(_train) is { } train ? $" --train {train}" : $" --store {parsed.StoreOf(_store)}");
        if (parsed.GetValue(_recipe) is { } recipe) command.Append(CultureInfo.InvariantCulture, $" --recipe {recipe}");
        if (parsed.GetValue(_kinds) is { Length: > 0 } kinds) command.Append(CultureInfo.InvariantCulture, $" --kinds {string.Join(',', kinds)}");
        command.Append(CultureInfo.InvariantCulture, $" --objective {parsed.GetValue(_objective)}");
        command.Append(parsed.GetValue(_trials) is { } trials ? string.Create(CultureInfo.InvariantCulture, $" --trials {trials}")
            : string.Create(CultureInfo.InvariantCulture, $" --minutes {parsed.GetValue(_minutes)}"));
        if (parsed.GetValue(_cpuSeconds) is { } seconds) command.Append(CultureInfo.InvariantCulture, $" --train-cpu-seconds {seconds}");
        if (parsed.GetValue(_maxFactors) is { } factors) command.Append(CultureInfo.InvariantCulture, $" --max-factors {factors}");
        return command.Append(CultureInfo.InvariantCulture, $" --seed {parsed.GetValue(_seed)}").ToString();
    }

    private static TOption Positive<TOption>(TOption option) where TOption : Option
    {
        option.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens)
            {
                if (!double.TryParse(token.Value, CultureInfo.InvariantCulture, out double number) || number is not (> 0 and <= 1_000_000))
                    result.AddError($"{option.Name} must be a number above 0, it is \"{token.Value}\"");
            }
        });
        return option;
    }

    private sealed class Steps(IProgress<Step> progress) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => progress.Report(new Step(value.Stage, value.Fraction));
    }
}
