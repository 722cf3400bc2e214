using Recommender.Cli;

namespace Recommender.Tests.Commands;

public sealed class MeasureCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("measure-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("new-items", "", "holds no event")]
    [InlineData("known-items", "", "holds no event")]
    [InlineData("events", "", "holds no event")]
    [InlineData("new-items", "u1\ta\nu2\tb\n", "New items are placed by their attributes")]
    [InlineData("known-items", "u1\ta\nu2\tb\n", "that were held out has 20 items")]
    [InlineData("events", "u1\ta\nu2\tb\n", "cannot be split by time")]
    public async Task Too_little_to_measure_on_is_said_in_one_sentence(string what, string pairs, string said)
    {
        string file = Path.Combine(_folder, "pairs.tsv");
        await File.WriteAllTextAsync(file, pairs);
        var (exitCode, _, error) = await CommandProcess.RunAsync("measure", what, "pairs", file);
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
