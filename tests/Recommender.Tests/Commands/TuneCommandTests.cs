using System.Text.Json.Nodes;
using Recommender.Cli;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Tests.Tuning;

namespace Recommender.Tests.Commands;

public sealed class TuneCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tuning-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_file_that_is_written_is_the_recipe_that_was_reported_and_says_where_it_comes_from()
    {
        string train = Train(PlantedTastes.Set()), start = Start(), tuned = Path.Combine(_folder, "tuned.json");
        var (exitCode, output, error) = await CommandProcess.RunAsync("tune", "--train", train, "--recipe", start, "--trials", "16", "--out", tuned, "--json");
        Assert.Equal(ExitCode.Done, exitCode);
        string[] trials = [.. error.Split('\n').Where(line => line.StartsWith("trial ", StringComparison.Ordinal))];
        JsonNode report = JsonNode.Parse(output)!;
        Assert.Equal(report["trials"]!.GetValue<int>(), trials.Length);
        Assert.All(trials, line => Assert.Matches("^trial +[0-9]+  (coarse|fine|full) +ndcg@20 0[.][0-9]{4}  rank [0-9]+ +[0-9.]+ CPU s  .+$", line));
        Assert.Contains($"next: recommender evaluate --train {train} --test FILE --recipe {tuned}", error, StringComparison.Ordinal);
        string text = await File.ReadAllTextAsync(tuned);
        Assert.StartsWith("// Tuned ", text, StringComparison.Ordinal);
        Assert.Contains($"//   recommender tune --train {train} --recipe {start} --objective ndcg@20 --trials 16 --seed 42", text, StringComparison.Ordinal);
        Assert.Contains("on what the search never saw: ndcg@20 0.", text, StringComparison.Ordinal);
        Assert.Equal(Recipe.Parse(System.Text.Encoding.UTF8.GetBytes(report["recipe"]!.ToJsonString())), Recipe.Parse(await File.ReadAllBytesAsync(tuned)));
        Assert.False(report["unchanged"]!.GetValue<bool>());

        var again = await CommandProcess.RunAsync("tune", "--train", train, "--trials", "16", "--out", tuned);
        Assert.Equal(ExitCode.Failed, again.ExitCode);
        Assert.Contains("--force", again.Error, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(tuned));
        Assert.Equal([start, train, tuned], Directory.GetFiles(_folder).Order());
    }

    [Fact]
    public async Task Stopping_writes_the_best_so_far()
    {
        string tuned = Path.Combine(_folder, "tuned.json");
        using var command = CommandProcess.Start("tune", "--train", Train(PlantedTastes.Set(2000)), "--recipe", Start(), "--minutes", "30", "--out", tuned);
        Assert.True(await command.SaysAsync("trial  22"), command.Error);
        command.Terminate();
        Assert.Equal(ExitCode.Interrupted, await command.EndAsync());
        Assert.Contains("interrupted: the best so far", await File.ReadAllTextAsync(tuned), StringComparison.Ordinal);
        Assert.NotEqual(PlantedTastes.FarFromTheBest, Recipe.Parse(await File.ReadAllBytesAsync(tuned)));
    }

    [Theory]
    [InlineData(ExitCode.Failed, "did you mean \"random_walk\"", "--trials", "8", "--kinds", "random_wolk")]
    [InlineData(ExitCode.Failed, "did you mean \"recall\"", "--trials", "8", "--objective", "recal@20")]
    [InlineData(ExitCode.Failed, "there is no recipe", "--recipe", "/nowhere.json")]
    [InlineData(ExitCode.Failed, "there is no folder", "--out", "/nowhere/at/all.json")]
    [InlineData(ExitCode.Failed, "too little to tune on", "--trials", "8")]
    [InlineData(ExitCode.Usage, "not both", "--trials", "8", "--minutes", "2")]
    [InlineData(ExitCode.Usage, "--trials must be", "--trials", "1")]
    [InlineData(ExitCode.Usage, "--minutes must be", "--minutes", "0")]
    public async Task What_cannot_be_tuned_is_said_in_a_sentence(int expected, string sentence, params string[] arguments)
    {
        string few = Path.Combine(_folder, "few.txt");
        await File.WriteAllLinesAsync(few, ["a 1 2 3", "b 2 3"]);
        var (exitCode, _, error) = await CommandProcess.RunAsync(["tune", "--train", few, .. arguments]);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(expected, exitCode);
    }

    private string Start()
    {
        string file = Path.Combine(_folder, "start.json");
        File.WriteAllText(file, PlantedTastes.FarFromTheBest.ToJson());
        return file;
    }

    private string Train(TrainingSet set)
    {
        string file = Path.Combine(_folder, "train.txt");
        File.WriteAllLines(file, Enumerable.Range(0, set.Matrix.RowCount).Select(row => $"{row} {string.Join(' ', set.Matrix.Row(row).Columns.ToArray())}"));
        return file;
    }
}
