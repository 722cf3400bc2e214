using System.Text.Json.Nodes;
using Recommender.Cli;
using Recommender.Tests.Commands;

namespace Recommender.Tests.Questionnaires;

public sealed class SimulateCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("simulate-").FullName;
    private readonly string _pairs;
    private readonly string _answers;

    public SimulateCommandTests()
    {
        _pairs = Path.Combine(_folder, "pairs.tsv");
        _answers = Path.Combine(_folder, "answers.tsv");
        var random = new Random(5);
        var pairs = new List<string>();
        var answers = new List<string>();
        for (int customer = 0; customer < 200; customer++)
        {
            int kind = random.Next(2);
            for (int item = 0; item < 60; item++)
            {
                if (random.NextDouble() < (item / 30 == kind ? 0.4 : 0.03)) pairs.Add($"c{customer}{(item % 2 == 0 ? ' ' : '\t')}book{item}");
            }
            answers.Add($"c{customer}\tgenre\t{(kind == 0 ? "crime" : "garden")}");
            answers.Add($"c{customer}\tday\t{random.Next(7)}");
        }
        File.WriteAllLines(_pairs, pairs);
        File.WriteAllLines(_answers, answers);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Asking_about_items_is_measured_and_the_figures_do_not_depend_on_the_threads()
    {
        var (exitCode, output, error) = await SimulateAsync("--interactions", _pairs, "--questions", "2,6", "--json", "--threads", "1");
        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains("simulating", error);
        var answer = JsonNode.Parse(output)!;
        Assert.Equal((40, 160, 60), (answer["respondents"]!.GetValue<int>(), answer["learned_from"]!.GetValue<int>(), answer["items"]!.GetValue<int>()));
        double adaptive = answer["orders"]!["adaptive"]![1]!["ndcg"]!.GetValue<double>();
        Assert.True(adaptive > answer["popularity"]!.GetValue<double>());
        Assert.Equal(6, answer["orders"]!["adaptive"]![1]!["questions"]!.GetValue<int>());
        Assert.Equal(output, (await SimulateAsync("--interactions", _pairs, "--questions", "6,2", "--json", "--threads", "2")).Output);
        Assert.NotEqual(output, (await SimulateAsync("--interactions", _pairs, "--questions", "2,6", "--json", "--seed", "7")).Output);
    }

    [Fact]
    public async Task Answers_play_the_questionnaire_and_the_telling_one_comes_first()
    {
        var (exitCode, output, _) = await SimulateAsync("--interactions", _pairs, "--answers", _answers, "--questions", "1,2", "--json");
        Assert.Equal(ExitCode.Done, exitCode);
        var orders = JsonNode.Parse(output)!["orders"]!;
        Assert.True(orders["adaptive"]![0]!["ndcg"]!.GetValue<double>() > JsonNode.Parse(output)!["popularity"]!.GetValue<double>() + 0.05);
        Assert.Equal(orders["adaptive"]![1]!["ndcg"]!.GetValue<double>(), orders["fixed"]![1]!["ndcg"]!.GetValue<double>());
        var table = await SimulateAsync("--interactions", _pairs, "--answers", _answers, "--questions", "1,2");
        Assert.Contains("0 (popularity)", table.Output);
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_is_named_and_the_others_are_measured()
    {
        await File.AppendAllTextAsync(_pairs, "c1 book1 book2\n");
        await File.AppendAllTextAsync(_answers, "c1\tgenre\n\nc2\tgenre\tcrime\n");
        var (exitCode, output, error) = await SimulateAsync("--interactions", _pairs, "--answers", _answers, "--questions", "1", "--json");
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("names 2 items", error);
        Assert.Contains("answers.tsv, line 401: the line has 2 fields", error);
        Assert.Contains("a second time", error);
        Assert.NotNull(JsonNode.Parse(output)!["ceiling"]);
    }

    [Theory]
    [InlineData("there is no file or folder /nowhere", "", "--interactions", "/nowhere")]
    [InlineData("There are 0 customers", "", "--interactions", "FILE")]
    [InlineData("There are 1 customers", "c1 a\nc1 b\n", "--interactions", "FILE")]
    [InlineData("No customer who was held out has two items", "a x\nb x\nc x\nd x\ne x\n", "--interactions", "FILE", "--questions", "1")]
    [InlineData("9 questions cannot be asked about 2 items", "a x\nb x\nc y\nd x\ne x\n", "--interactions", "FILE", "--questions", "9")]
    public async Task What_cannot_be_measured_is_said_in_a_sentence(string sentence, string content, params string[] arguments)
    {
        string file = Path.Combine(_folder, "given.tsv");
        await File.WriteAllTextAsync(file, content);
        var (exitCode, _, error) = await SimulateAsync([.. arguments.Select(argument => argument == "FILE" ? file : argument)]);
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains(sentence, error);
        Assert.DoesNotContain("   at ", error);
    }

    [Theory]
    [InlineData("--questions", "0")]
    [InlineData("--questions", "5,many")]
    [InlineData("--test-share", "1")]
    [InlineData("--test-share", "x")]
    [InlineData("--seed", "-1")]
    public async Task A_wrong_option_exits_with_2(string option, string value)
    {
        var (exitCode, _, error) = await SimulateAsync("--interactions", _pairs, option, value);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains(option, error);
    }

    private static Task<(int ExitCode, string Output, string Error)> SimulateAsync(params string[] arguments) =>
        CommandProcess.RunAsync(["questionnaire", "simulate", .. arguments]);
}
