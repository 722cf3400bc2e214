using System.CommandLine;
using System.Globalization;
using System.Text;
using Recommender.Cli.Plotting;
using Recommender.Cli.Terminal;
using Recommender.Evaluation;
using Recommender.Models;
using Spectre.Console;

namespace Recommender.Cli.Commands;

/// <summary>Measures what a model makes of little: new items, new customers, and events as they are.</summary>
internal static class MeasureCommand
{
    private const int Cutoff = 20;

    public static Command Create() => new("measure", "Measures on a source of data what new items, new customers and each kind of event are worth.")
    {
        NewItems(), KnownItems(), Events(),
    };

    private static Command NewItems()
    {
        var (source, path, recipeFile, threads, json) = Shared();
        var share = Share("--share", "The part of the items that is held out.", 0.1);
        var times = new Option<int>("--times") { Description = "How many random parts to measure.", HelpName = "N", DefaultValueFactory = _ => 3 }.Within(1, 100);
        var ignore = new Option<string[]>("--ignore") { Description = "Attributes that new items do not have yet.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
        var command = new Command("new-items", """
            Holds a random part of the items out, learns from the others, and ranks what was held out by its attributes alone: among
            themselves and in the whole catalogue, beside the popularity that attributes let expect and beside chance.

            Example:
              recommender measure new-items goodbooks ../shared/data/goodbooks --ignore ratings_count average_rating
            """) { source, path, recipeFile, threads, json, share, times, ignore };
        Measure(command, (parsed, cancellation) =>
        {
            var screen = new Screen();
            var recipe = parsed.GetValue(recipeFile) is { } file ? RecipeFile.Read(file) : new Recipe();
            recipe = recipe with { NewItems = recipe.NewItems with { Ignored = [.. recipe.NewItems.Ignored, .. parsed.GetValue(ignore) ?? []] } };
            var read = SourceEvents.Read(parsed.GetValue(source)!, parsed.GetValue(path)!, cancellation);
            var all = read.Build(recipe.Confidence);
            var results = new List<NewItemsResult>();
            for (int time = 0; time < parsed.GetValue(times); time++)
            {
                screen.Note($"part {time + 1} of {parsed.GetValue(times)}");
                results.Add(NewItemsEvaluation.Run(all, recipe, parsed.GetValue(share), new EvaluationOptions { Cutoffs = [Cutoff], Threads = parsed.GetValue(threads) },
                    new TrainingConditions { Seed = (ulong)(42 + time), Threads = parsed.GetValue(threads) }, cancellation));
            }
            var rows = new List<Figures>();
            for (int ranking = 0; ranking < 3; ranking++)
            {
                int number = ranking;
                rows.Add(Figures.Of($"{results[0].Among[number].Name}, among new items", [.. results.Select(one => one.Among[number])], null));
            }
            for (int ranking = 0; ranking < 3; ranking++)
            {
                int number = ranking;
                rows.Add(Figures.Of($"{results[0].Whole[number].Name}, whole catalogue", [.. results.Select(one => one.Whole[number])], null));
            }
            rows.Add(Figures.Of("known and new to be found, known offered", [.. results.Select(one => one.Together[0])], null));
            rows.Add(Figures.Of("known and new to be found, both offered", [.. results.Select(one => one.Together[1])], [.. results.Select(one => one.Together[0])]));
            Figures.Show(screen, rows, parsed.GetValue(json));
            screen.Note(string.Create(CultureInfo.InvariantCulture, $"new items are {results.Average(one => one.ChosenShare):P1} of what is to be found and {results.Average(one => one.ShownShare):P1} of what is shown"));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Command KnownItems()
    {
        var (source, path, recipeFile, threads, json) = Shared();
        var share = Share("--share", "The part of the customers that is held out.", 0.2);
        var plot = new Option<FileInfo?>("--plot") { Description = "Draw the curve into this file (SVG).", HelpName = "FILE" };
        var command = new Command("known-items", """
            Measures new customers by what is known of them: NDCG@20 with 0, 1, 2, 5 and 10 known items, beside popularity.

            Example:
              recommender measure known-items pairs ../shared/data/goodbooks-popular/interactions_5kusers_top2kbooks.tsv.gz --plot curve.svg
            """) { source, path, recipeFile, threads, json, share, plot };
        Measure(command, async (parsed, cancellation) =>
        {
            var screen = new Screen();
            var recipe = parsed.GetValue(recipeFile) is { } file ? RecipeFile.Read(file) : new Recipe();
            var all = SourceEvents.Read(parsed.GetValue(source)!, parsed.GetValue(path)!, cancellation).Build(recipe.Confidence);
            var curve = KnownItemsCurve.Run(all, recipe, [0, 1, 2, 5, 10], parsed.GetValue(share), new TrainingConditions { Threads = parsed.GetValue(threads) }, cancellation);
            if (parsed.GetValue(json)) screen.Json(curve.Select(point => new { point.Known, point.Model, point.Popularity, point.Gain }));
            else
            {
                var table = new Table().Border(TableBorder.Rounded).AddColumns("known items", "NDCG@20", "popularity", "gain");
                foreach (var point in curve) table.AddRow($"{point.Known}", Figures.Text(point.Model), Figures.Text(point.Popularity), Figures.Text(point.Gain));
                screen.Out.Write(table);
            }
            if (parsed.GetValue(plot) is { } target) await File.WriteAllTextAsync(target.FullName, Plot(curve), cancellation);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Events()
    {
        var (source, path, recipeFile, threads, json) = Shared();
        var newest = Share("--newest", "The newest part of the events is what is to be found.", 0.2);
        var repeats = new Option<bool>("--repeats") { Description = "What a customer had may be offered, and counts when it is bought again." };
        var validation = Share("--before", "Leave this newest part of the events out altogether: to choose settings on what is older.", 0.0);
        var command = new Command("events", """
            Learns what was known at a moment and looks for what was bought after it, with every pair counted once and with one thing after
            the other read as it is: returns, repeats, quantities, age, and where items may come back, habits.

            Examples:
              recommender measure events online-retail ../shared/data/online-retail
              recommender measure events complete-journey ../shared/data/complete-journey --repeats
            """) { source, path, recipeFile, threads, json, newest, repeats, validation };
        Measure(command, (parsed, cancellation) =>
        {
            var screen = new Screen();
            var recipe = parsed.GetValue(recipeFile) is { } file ? RecipeFile.Read(file) : new Recipe();
            var read = SourceEvents.Read(parsed.GetValue(source)!, parsed.GetValue(path)!, cancellation).Before(parsed.GetValue(validation));
            var rows = EventVariants.Run(read, recipe, parsed.GetValue(newest), parsed.GetValue(repeats), parsed.GetValue(threads), screen.Note, cancellation);
            Figures.Show(screen, rows, parsed.GetValue(json));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    // Too little to measure on is the source's fault, not ours: one sentence, as of a file that is not there.
    private static void Measure(Command command, Func<ParseResult, CancellationToken, Task<int>> run) => command.SetAction(async (parsed, cancellation) =>
    {
        try { return await run(parsed, cancellation); }
        catch (ArgumentException problem) when (problem.ParamName is "all" or "test" or "moments" or null)
        {
            throw new InputException(problem.Message.Split(" (Parameter")[0]);
        }
    });

    private static string Plot(IReadOnlyList<CurvePoint> curve)
    {
        var chart = new Chart("NDCG@20 of new customers", "items known", [.. curve.Select(point => ((double)point.Known, $"{point.Known}"))],
        [
            new Series("model", "#0072b2", [.. curve.Select(point => ((double)point.Known, point.Model.Mean))], Dots: true) { Spread = [.. curve.Select(point => (point.Model.Low, point.Model.High))] },
            new Series("popularity", "#999999", [.. curve.Select(point => ((double)point.Known, point.Popularity.Mean))], Dots: true),
        ]);
        var svg = new StringBuilder();
        svg.AppendLine("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 420\" font-family=\"sans-serif\" font-size=\"13\">");
        svg.AppendLine("<style>.line{fill:none;stroke-width:2}.grid{stroke:#ddd}.end{text-anchor:end}.middle{text-anchor:middle}.title{font-weight:bold}</style>");
        chart.Draw(svg, 0, 0, 760, 420);
        return svg.AppendLine("</svg>").ToString();
    }

    private static (Argument<string> Source, Argument<string> Path, Option<FileInfo?> Recipe, Option<int> Threads, Option<bool> Json) Shared() =>
        (new Argument<string>("source") { Description = "A source as for import: goodbooks, online-retail, pairs ..." },
            new Argument<string>("path") { Description = "Its folder or file." }, SharedOptions.RecipeFile("the defaults"), SharedOptions.Threads(), SharedOptions.Json());

    private static Option<double> Share(string name, string description, double otherwise)
    {
        var option = new Option<double>(name) { Description = description, HelpName = "SHARE", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => !double.TryParse(token.Value, CultureInfo.InvariantCulture, out double part) || part is not (> 0 and < 1)))
                result.AddError($"{name} must be above 0 and below 1, it is \"{result.Tokens[0].Value}\"");
        });
        return option;
    }
}
