using System.Text;
using System.Text.Json.Nodes;
using Recommender.Cli;
using Recommender.Tests.Architecture;

namespace Recommender.Tests.Commands;

public sealed class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("commands-").FullName;

    private string Shop => Path.Combine(_folder, "shop");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_help_of_every_command_is_the_approved_one()
    {
        var help = new StringBuilder();
        foreach (string[] arguments in (string[][])[["--help"], .. CommandLine.Create().Subcommands.SelectMany(Calls)])
        {
            var text = new StringWriter();
            CommandLine.Create().Parse(arguments).Invoke(new System.CommandLine.InvocationConfiguration { Output = text });
            help.AppendLine($"$ recommender {string.Join(' ', arguments)}").AppendLine(Anonymous(text.ToString()));
        }
        Approved.Verify("help.txt", help.ToString().ReplaceLineEndings("\n"));

        static IEnumerable<string[]> Calls(System.CommandLine.Command command) =>
            [[command.Name, "--help"], .. command.Subcommands.SelectMany(Calls).Select(inner => (string[])[command.Name, .. inner])];
    }

    [Fact]
    public async Task Import_train_recommend_and_status_work_on_a_folder_and_the_bad_line_is_named()
    {
        string csv = Path.Combine(_folder, "orders.csv");
        var lines = new List<string> { "customer,item,time,quantity" };
        for (int reader = 0; reader < 40; reader++)
        {
            int[] shelf = [.. Enumerable.Range(0, 12)];
            new Random(reader).Shuffle(shelf);
            foreach (int book in shelf.Take(6)) lines.Add($"c{reader},{(reader % 2 == 0 ? "crime" : "garden")}-{book},2026-01-02T10:00:00Z,1");
        }
        lines.Insert(7, "c1,garden-1,not-a-time,1");
        await File.WriteAllLinesAsync(csv, lines);

        var import = await CommandProcess.RunAsync("import", "csv", csv, "--store", Shop, "--type", "purchase");
        Assert.Equal(ExitCode.Failed, import.ExitCode);
        Assert.Contains("line 8", import.Error);
        Assert.Contains("not-a-time", import.Error);
        Assert.Contains("240 new events", import.Output);

        var train = await CommandProcess.RunAsync("train", "--store", Shop, "--json");
        Assert.Equal(ExitCode.Done, train.ExitCode);
        string model = JsonNode.Parse(train.Output)!["id"]!.GetValue<string>();

        var recommend = await CommandProcess.RunAsync("recommend", "--data", Shop, "--customer", "c0", "--count", "3", "--json");
        var answer = JsonNode.Parse(recommend.Output)!;
        Assert.Equal(("personalised", model), (answer["served_by"]!.GetValue<string>(), answer["model_version"]!.GetValue<string>()));
        Assert.All(answer["items"]!.AsArray(), item => Assert.StartsWith("crime-", item!["item_id"]!.GetValue<string>()));

        var status = JsonNode.Parse((await CommandProcess.RunAsync("status", "--store", Shop, "--json")).Output)!;
        Assert.Equal(("SQLite", Shop), (status["engine"]!.GetValue<string>(), status["store"]!.GetValue<string>()));
        Assert.Equal((240, 24, 0), (status["events"]!.GetValue<int>(), status["items"]!.GetValue<int>(), status["events_since_training"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("there is no shop in", "recommend", "--store", "/nowhere/at/all", "--customer", "1")]
    [InlineData("there is no file or folder", "import", "goodbooks", "/nowhere/at/all", "--store", "NOT-MADE")]
    [InlineData("did you mean \"goodbooks\"", "import", "godbooks", "/nowhere", "--store", "NOT-MADE")]
    [InlineData("is not a field", "import", "csv", "/etc/hostname", "--columns", "custmer=x", "--store", "NOT-MADE")]
    [InlineData("there is no file or folder", "evaluate", "--train", "/nowhere", "--test", "/nowhere")]
    public async Task What_cannot_be_done_is_said_in_a_sentence_without_a_stack_trace(string sentence, params string[] arguments)
    {
        var (exitCode, _, error) = await CommandProcess.RunAsync([.. arguments.Select(argument => argument == "NOT-MADE" ? Shop : argument)]);
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains(sentence, error);
        Assert.DoesNotContain("   at ", error);
        Assert.False(Directory.Exists(Shop));
    }

    [Theory]
    [InlineData("recomend")]
    [InlineData("recommend", "--count", "0")]
    [InlineData("recommend", "--count", "many")]
    [InlineData("serve", "--tls-cert", "only-this.pem")]
    [InlineData("size", "--customers", "10")]
    public async Task A_wrong_command_line_exits_with_2_and_points_to_the_help(params string[] arguments)
    {
        var (exitCode, _, error) = await CommandProcess.RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("--help", error);
    }

    [Theory]
    [InlineData("serve", "mongodb://somebody:s3cret@host/shop")]
    [InlineData("serve", "--store", "mongodb://somebody:s3cret@:notaport/shop")]
    [InlineData("status", "--store", "mongodb://somebody:s3cret@127.0.0.1:1/shop?readPreference=whatever")]
    [InlineData("status", "--store", "mongodb://somebody:s3cret@127.0.0.1:1/shop?connectTimeoutMS=200&serverSelectionTimeoutMS=300")]
    public async Task A_password_in_a_URI_is_said_nowhere(params string[] arguments)
    {
        var (exitCode, output, error) = await CommandProcess.RunAsync(arguments);
        Assert.True(exitCode is ExitCode.Failed or ExitCode.Usage);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_percent_encoding_in_an_option_is_called_that()
    {
        var (exitCode, _, error) = await CommandProcess.RunAsync("status", "--store", "mongodb://somebody:secret@127.0.0.1:1/shop?appName=100%zz");
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("wrong percent-encoding", error, StringComparison.Ordinal);
        Assert.DoesNotContain("password", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recipe_is_set_and_shown_and_a_wrong_one_changes_nothing()
    {
        string file = Path.Combine(_folder, "recipe.json");
        await File.WriteAllTextAsync(file, """{"factorization":{"factors":7}}""");
        Assert.Equal(ExitCode.Done, (await CommandProcess.RunAsync("recipe", "--store", Shop, "--set", file)).ExitCode);
        await File.WriteAllTextAsync(file, """{"factorization":{"factor":8}}""");
        Assert.Equal(ExitCode.Failed, (await CommandProcess.RunAsync("recipe", "--store", Shop, "--set", file)).ExitCode);
        var (_, output, _) = await CommandProcess.RunAsync("recipe", "--store", Shop);
        Assert.Equal(7, JsonNode.Parse(output)!["factorization"]!["factors"]!.GetValue<int>());
    }

    /// <summary>The default of --threads is this machine's.</summary>
    private static string Anonymous(string help) => help.Replace($"[default: {Environment.ProcessorCount}]", "[default: all cores]", StringComparison.Ordinal);
}
