using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Recommender.Cli.Importing;
using Recommender.Cli.Terminal;
using Recommender.Models;
using Recommender.Questionnaires;
using Spectre.Console;

namespace Recommender.Cli.Commands;

internal static class QuestionnaireCommand
{
    public static Command Create() => new("questionnaire", "Works with questionnaires.") { Simulate() };

    private static Command Simulate()
    {
        var interactions = new Option<FileInfo>("--interactions")
        {
            Description = "Who has what: lines of `customer item`, with a blank or TAB between, gzip or plain.",
            HelpName = "FILE",
            Required = true,
        };
        var answers = new Option<FileInfo?>("--answers")
        {
            Description = "Ask these questions instead of items: lines of `customer TAB question TAB option`, one option of each question a customer.",
            HelpName = "FILE",
        };
        var questions = new Option<int[]>("--questions")
        {
            Description = "After how many questions to measure, with commas between.",
            HelpName = "K,K,...",
            CustomParser = Counts,
            DefaultValueFactory = _ => [5, 10, 20],
        };
        var share = new Option<double>("--test-share")
        {
            Description = "The part of the customers that is held out and asked, above 0 and below 1.",
            HelpName = "SHARE",
            DefaultValueFactory = _ => 0.2,
        };
        share.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => !double.TryParse(token.Value, CultureInfo.InvariantCulture, out double part) || part is not (> 0 and < 1)))
                result.AddError($"--test-share must be above 0 and below 1, it is \"{result.Tokens[0].Value}\"");
        });
        var seed = new Option<long>("--seed")
        {
            Description = "Who is held out, and which half of their items they can name.",
            HelpName = "N",
            DefaultValueFactory = _ => 42,
        }
            .Within(0, long.MaxValue);
        var recipeFile = SharedOptions.RecipeFile("the defaults");
        var threads = SharedOptions.Threads();
        var json = SharedOptions.Json();
        var command = new Command("simulate", """
            Measures what questions are worth. Part of the customers is held out. Of each of them half the items, drawn at random, is what
            they say yes to when asked; the list of 20 made from their answers alone is compared with the other half (NDCG@20). Asked in
            the order the engine chooses, by popularity, and at random; beside plain popularity and beside everything they could have said.

            Examples:
              recommender questionnaire simulate --interactions pairs.tsv.gz --questions 5,10,20
              recommender questionnaire simulate --interactions pairs.tsv.gz --answers answers.tsv --questions 1,2,3 --json
            """)
        { interactions, answers, questions, share, seed, recipeFile, threads, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            var recipe = parsed.GetValue(recipeFile) is { } file ? RecipeFile.Read(file) : new Recipe();
            var rejected = new List<RejectedLine>();
            var all = LightGcn.ReadPairs(parsed.GetValue(interactions)!.FullName, rejected, cancellation);
            var asking = parsed.GetValue(answers) is { } answerFile ? AnswerFile.Read(answerFile.FullName, all, rejected, cancellation) : null;
            foreach (var line in rejected.Take(ImportSummary.ExampleLimit)) screen.Note($"rejected: {line}");
            ulong drawn = (ulong)parsed.GetValue(seed);
            int cores = parsed.GetValue(threads);
            int[] counts = parsed.GetValue(questions)!;
            try
            {
                var people = HeldOutPeople.Split(asking?.Set ?? all, parsed.GetValue(share), drawn);
                var result = await ProgressBar.RunAsync(screen, "simulating", progress => Task.Run(() =>
                {
                    var model = Training.Run(people.Training, recipe,
                        new TrainingConditions { Seed = drawn, Threads = cores, Progress = new TrainingPart(progress) }, cancellation);
                    var asked = new AskingPart(progress);
                    return asking is null
                        ? ItemSimulation.Run(people, model, counts, drawn, cores, asked, cancellation)
                        : AnswerSimulation.Run(people, model, asking.Questions, counts, drawn, cores, asked, cancellation);
                }, cancellation));
                Show(screen, result, all.Items.Count, people, parsed.GetValue(json));
            }
            catch (ArgumentException problem) when (problem.ParamName is "all" or "people" or "questions" or "set")
            {
                throw new InputException(problem.Message.Split(" (Parameter")[0]);
            }
            return rejected.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static int[] Counts(ArgumentResult result)
    {
        var counts = new List<int>();
        foreach (string part in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 10_000) counts.Add(count);
            else result.AddError($"--questions must be whole numbers from 1 to 10000 with commas between, one of them is \"{part}\"");
        }
        return [.. counts.Distinct().Order()];
    }

    private static void Show(Screen screen, SimulationResult result, int items, HeldOutPeople people, bool json)
    {
        if (json)
        {
            screen.Json(new
            {
                result.Respondents,
                LearnedFrom = people.Training.People.Count,
                Items = items,
                Popularity = Math.Round(result.Popularity, 5),
                Ceiling = Math.Round(result.Ceiling, 5),
                Orders = result.Orders.ToDictionary(order => order.Order, order => order.Steps.Select(step => new
                {
                    step.Questions,
                    Ndcg = Math.Round(step.Ndcg, 5),
                    Yes = Math.Round(step.Yes, 3),
                })),
            });
            return;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumn("questions");
        foreach (var order in result.Orders) table.AddColumns($"{order.Order}: NDCG@20", "yes");
        string[] nothing = [.. result.Orders.SelectMany(_ => new[] { $"{result.Popularity:0.000}", "0.0" })];
        table.AddRow(["0 (popularity)", .. nothing]);
        for (int k = 0; k < result.Orders[0].Steps.Length; k++)
            table.AddRow([$"{result.Orders[0].Steps[k].Questions}",
                .. result.Orders.SelectMany(order => new[] { $"{order.Steps[k].Ndcg:0.000}", $"{order.Steps[k].Yes:0.0}" })]);
        screen.Out.Write(table);
        screen.Line($"everything said: {result.Ceiling:0.000}; {result.Respondents:N0} customers asked, learned from "
            + $"{people.Training.People.Count:N0} others, {items:N0} items");
    }

    // Training is the first fifth of the bar, by experience.
    private sealed class TrainingPart(IProgress<Step> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(new Step("learning", value.Done * 0.2));
    }

    private sealed class AskingPart(IProgress<Step> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new Step("asking", 0.2 + value * 0.8));
    }
}
