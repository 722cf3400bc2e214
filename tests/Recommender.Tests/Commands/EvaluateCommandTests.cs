using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Recommender.Cli;
using Recommender.MlNet;

namespace Recommender.Tests.Commands;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("evaluate-").FullName;

    private string Shop => Path.Combine(_folder, "shop");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Two_recipes_are_compared_on_the_same_customers_and_the_report_has_the_figures_of_the_JSON()
    {
        string report = Path.Combine(_folder, "report.html");
        var (exitCode, output, error) = await CommandProcess.RunAsync("evaluate", "--train", Choices(), "--holdout", "0.2",
            "--recipe", Recipe("a", """{"factorization":{"factors":4}}"""), "--recipe",
            Recipe("b", """{"factorization":{"factors":1},"similarities":[]}"""), "--report", report, "--json");
        Assert.Equal((ExitCode.Done, ""), (exitCode, exitCode == ExitCode.Done ? "" : error));
        var json = JsonNode.Parse(output)!;
        foreach (string key in (string[])["recall@10", "recall@20", "recall@50", "ndcg@20", "popularity_recall@20", "popularity_ndcg@20",
            "customers_measured", "train_cpu_seconds", "train_seconds", "peak_bytes"])
            Assert.True(json[key] is not null, key);
        Assert.Equal(["a.json", "b.json", "popularity", "random"], json["rankings"]!.AsArray().Select(ranking => ranking!["name"]!.GetValue<string>()));
        var ndcg = json["comparisons"]![2]!["figures"]!["ndcg"]!;
        Assert.Equal(60, ndcg["won"]!.GetValue<int>() + ndcg["lost"]!.GetValue<int>() + ndcg["tied"]!.GetValue<int>());
        Assert.True(ndcg["low"]!.GetValue<double>() <= ndcg["mean"]!.GetValue<double>()
            && ndcg["mean"]!.GetValue<double>() <= ndcg["high"]!.GetValue<double>());

        string text = XDocument.Parse(await File.ReadAllTextAsync(report)).Root!.Value;
        foreach (var ranking in json["rankings"]!.AsArray())
        {
            foreach (var cutoff in ranking!["cutoffs"]!.AsArray())
                Assert.Contains(cutoff!["ndcg"]!["mean"]!.GetValue<double>().ToString("0.0000", CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        }
        Assert.Contains(json["verdict"]!.GetValue<string>(), text, StringComparison.Ordinal);
        Assert.Equal([report], Directory.GetFiles(_folder, "report*"));
    }

    [Fact]
    public async Task On_a_terminal_the_last_line_says_what_follows()
    {
        var (exitCode, output, _) =
            await CommandProcess.RunAsync("evaluate", "--train", Choices(), "--recipe", Recipe("a", """{"factorization":{"factors":4}}"""));
        Assert.Equal(ExitCode.Done, exitCode);
        Assert.StartsWith("a.json is better than popularity by ", output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.Contains("recall@20", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shuffled_choices_show_no_leak()
    {
        var (exitCode, output, _) =
            await CommandProcess.RunAsync("evaluate", "--train", Choices(), "--recipe", Recipe("a", """{"factorization":{"factors":4}}"""),
                "--shuffle");
        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains("no leak", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_that_nobody_learned_are_missed_and_counted()
    {
        string test = Lines("test.txt", "c0 never-seen crime-0", "stranger garden-3");
        var (exitCode, output, _) = await CommandProcess.RunAsync("evaluate", "--train", Choices(), "--test", test, "--json");
        Assert.Equal(ExitCode.Done, exitCode);
        var json = JsonNode.Parse(output)!;
        Assert.Equal((2, 1, 3, 1), (json["data"]!["measured"]!.GetValue<int>(), json["data"]!["measured_unknown"]!.GetValue<int>(),
            json["data"]!["to_find"]!.GetValue<int>(), json["data"]!["to_find_unknown"]!.GetValue<int>()));
        Assert.StartsWith("Nothing can be told from 2 customers", json["verdict"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_customer_and_lists_longer_than_the_catalogue_are_measured_and_not_judged()
    {
        var (exitCode, output, _) =
            await CommandProcess.RunAsync("evaluate", "--train", Lines("one.txt", "c a b c d e f"), "--holdout", "0.3", "--cutoffs",
                "2,1000", "--json");
        Assert.Equal(ExitCode.Done, exitCode);
        var json = JsonNode.Parse(output)!;
        Assert.Equal(1, json["recall@1000"]!.GetValue<double>());
        Assert.StartsWith("Nothing can be told from one customer", json["verdict"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_of_ML_NET_is_measured_as_it_is_with_a_warning_in_table_JSON_and_report()
    {
        string report = Path.Combine(_folder, "report.html"), zip = GenreModel();
        var (exitCode, output, error) =
            await CommandProcess.RunAsync("evaluate", "--train", Choices(), "--holdout", "0.2", "--mlnet", zip, "--user-column", "reader",
                "--cutoffs", "6,20",
            "--recipe", Recipe("a", """{"factorization":{"factors":4}}"""), "--report", report, "--json");
        Assert.Equal((ExitCode.Done, ""), (exitCode, exitCode == ExitCode.Done ? "" : error));
        var json = JsonNode.Parse(output)!;
        Assert.Equal(["a.json", "genres.zip", "popularity", "random"], json["rankings"]!.AsArray().Select(ranking => ranking!["name"]!.GetValue<string>()));
        // Of twelve books of a genre six are known of a reader, so that the first six are the others of it; whom it does not know gets nothing.
        Assert.Equal(59 / 60.0, Recall(6), 10);
        var measured = json["models"]![1]!;
        Assert.Contains("may have learned what it is asked for", measured["warning"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("knows 59 of 60 people and 24 of 24 items", measured["warning"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("genres.zip (SHA-256 ", measured["origin"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(measured["recipe"]);
        string text = XDocument.Parse(await File.ReadAllTextAsync(report)).Root!.Value;
        Assert.Contains(measured["warning"]!.GetValue<string>(), text, StringComparison.Ordinal);
        Assert.Contains(measured["origin"]!.GetValue<string>(), text, StringComparison.Ordinal);

        (exitCode, output, error) = await CommandProcess.RunAsync("evaluate", "--train", Choices(), "--mlnet", zip);
        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains("genres.zip is better than popularity", output, StringComparison.Ordinal);
        Assert.Contains("mind genres.zip: it may have learned", error, StringComparison.Ordinal);

        double Recall(int at) =>
            json["rankings"]![1]!["cutoffs"]!.AsArray()
            .First(cutoff => cutoff!["at"]!.GetValue<int>() == at)!["recall"]!["mean"]!.GetValue<double>();
    }

    [Fact]
    public async Task A_model_of_ML_NET_that_knows_nobody_is_refused_with_the_column_that_was_taken_for_the_customers()
    {
        var (exitCode, output, error) = await CommandProcess.RunAsync("evaluate", "--train", Choices(), "--mlnet", GenreModel(), "--user-column", "book");
        Assert.Equal((ExitCode.Failed, ""), (exitCode, output));
        Assert.Contains("knows 0 of 60 people", error, StringComparison.Ordinal);
        Assert.Contains("customers in the column 'book'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_on_the_way_it_says_so_and_leaves_no_report()
    {
        string report = Path.Combine(_folder, "report.html");
        var random = new Random(1);
        string train = Lines("many.txt",
            [.. Enumerable.Range(0, 2000)
                .Select(customer => $"c{customer} {string.Join(' ', Enumerable.Range(0, 60).Select(_ => $"i{random.Next(1000)}"))}")]);
        using var command = CommandProcess.Start("evaluate", "--train", train, "--recipe",
            Recipe("long", """{"factorization":{"factors":512,"sweeps":100}}"""), "--report", report);
        Assert.True(await command.SaysAsync("training long.json"), command.Error);
        command.Terminate();
        Assert.Equal(ExitCode.Interrupted, await command.EndAsync());
        Assert.False(File.Exists(report));
    }

    [Theory]
    [InlineData("is named twice", "--train", "CHOICES", "--recipe", "RECIPE", "--recipe", "RECIPE")]
    [InlineData("Nobody of 2 people has items enough", "--train", "SINGLES")]
    [InlineData("Nobody of 0 people has items enough", "--train", "EMPTY")]
    [InlineData("nobody has anything to be found", "--train", "CHOICES", "--test", "EMPTY")]
    [InlineData("nothing to learn from", "--train", "EMPTY", "--test", "CHOICES")]
    [InlineData("there is no folder", "--train", "CHOICES", "--report", "/nowhere/at/all.html")]
    [InlineData("ends in .html", "--train", "CHOICES", "--report", "report.pdf")]
    [InlineData("there is no model", "--train", "CHOICES", "--mlnet", "missing.zip")]
    [InlineData("did you mean", "--train", "CHOICES", "--recipe", "TYPO")]
    public async Task What_cannot_be_measured_is_said_in_a_sentence(string sentence, params string[] arguments)
    {
        var (exitCode, output, error) = await CommandProcess.RunAsync(["evaluate", .. arguments.Select(argument => argument switch
        {
            "CHOICES" => Choices(),
            "SINGLES" => Lines("singles.txt", "a x", "b y"),
            "EMPTY" => Lines("empty.txt"),
            "RECIPE" => Recipe("same", "{}"),
            "TYPO" => Recipe("typo", """{"factorisation":{}}"""),
            _ => argument,
        })]);
        Assert.Equal((ExitCode.Failed, ""), (exitCode, output));
        Assert.Contains(sentence, error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--train", "a", "--store", "b")]
    [InlineData("--train", "a", "--test", "b", "--holdout", "0.1")]
    [InlineData("--train", "a", "--holdout", "1")]
    [InlineData("--train", "a", "--split", "time")]
    [InlineData("--train", "a", "--model", "live")]
    [InlineData("--test", "b")]
    [InlineData("--store", "b", "--split", "sometimes")]
    [InlineData("--store", "b", "--split", "standing", "--holdout", "0.1")]
    [InlineData("--train", "a", "--cutoffs", "10,0")]
    [InlineData("--train", "a", "--mlnet", "b", "--shuffle")]
    [InlineData("--train", "a", "--user-column", "b")]
    public void Options_that_contradict_each_other_are_refused_before_anything_is_read(params string[] arguments) =>
        Assert.NotEmpty(CommandLine.Create().Parse(["evaluate", .. arguments]).Errors);

    [Fact]
    public async Task A_shops_own_events_are_split_by_time_or_at_random_and_versions_that_have_seen_them_are_marked()
    {
        string csv = Path.Combine(_folder, "orders.csv");
        var lines = new List<string> { "customer,item,time,quantity" };
        foreach (var (reader, book, place) in Shelves(reader => reader % 2 == 0 ? "crime" : "garden"))
            lines.Add($"c{reader},{book},{new DateTime(2026, 1, 1, 10, 0, 0, DateTimeKind.Utc).AddDays(place * 3).AddMinutes(reader):yyyy-MM-ddTHH:mm:ssZ},1");
        await File.WriteAllLinesAsync(csv, lines);
        Assert.Equal(ExitCode.Done, (await CommandProcess.RunAsync("import", "csv", csv, "--store", Shop, "--type", "purchase")).ExitCode);
        string recipe = Recipe("a", """{"factorization":{"factors":4}}""");

        JsonNode byTime = await JsonAsync("--split", "time", "--holdout", "0.2", "--recipe", recipe);
        Assert.Equal(("2026-01-19", 60),
            (byTime["data"]!["origin"]!.GetValue<string>().Split("learned before ")[1][..10],
                byTime["data"]!["measured"]!.GetValue<int>()));
        Assert.StartsWith("2026-01-01", byTime["rankings"]![0]!["by_items"]![0]!["band"]!.GetValue<string>(), StringComparison.Ordinal);
        JsonNode atRandom = await JsonAsync("--split", "random", "--recipe", recipe, "--recipe",
            Recipe("b", """{"factorization":{"factors":4},"confidence":{"half_life_days":10}}"""));
        Assert.Equal(2, atRandom["models"]!.AsArray().Count);

        Assert.Equal(ExitCode.Done, (await CommandProcess.RunAsync("train", "--store", Shop, "--recipe", recipe)).ExitCode);
        JsonNode live = await JsonAsync("--split", "time", "--model", "live", "--recipe", recipe);
        Assert.Contains("may have learned", live["models"]![1]!["warning"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(live["models"]![0]!["warning"]);
        var (exitCode, _, error) = await CommandProcess.RunAsync("evaluate", "--store", Shop, "--model", "live");
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("use --split random", error, StringComparison.Ordinal);

        async Task<JsonNode> JsonAsync(params string[] arguments)
        {
            var (code, output, problem) = await CommandProcess.RunAsync(["evaluate", "--store", Shop, "--json", .. arguments]);
            Assert.Equal((ExitCode.Done, ""), (code, code == ExitCode.Done ? "" : problem));
            return JsonNode.Parse(output)!;
        }
    }

    // Readers score their own genre 1 and the other 0. The last reader is not known to it.
    private string GenreModel()
    {
        SavedSide readers = Side("reader", [.. Enumerable.Range(0, 59).Select(reader => ($"c{reader}", reader % 2 == 0))]);
        SavedSide books = Side("book", [.. Enumerable.Range(0, 24).Select(book => (book < 12 ? $"crime-{book}" : $"garden-{book - 12}", book < 12))]);
        string path = Path.Combine(_folder, "genres.zip");
        using var zip = File.Create(path);
        SavedModelWriter.Write(new SavedFactorization(readers, books, 2), zip, CancellationToken.None);
        return path;

        static SavedSide Side(string column, (string Key, bool IsCrime)[] keys) =>
            new(column, column + "Key", KeyVocabulary.OfTexts([.. keys.Select(one => one.Key)]),
            keys.SelectMany(one => one.IsCrime ? (float[])[1, 0] : [0, 1]).ToArray());
    }

    // Half of the readers want crime, half gardens; everybody has eight of twelve books.
    private string Choices() => Lines("choices.txt",
        [.. Shelves(reader => reader % 2 == 0 ? "crime" : "garden").GroupBy(choice => choice.Reader)
            .Select(shelf => $"c{shelf.Key} {string.Join(' ', shelf.Select(choice => choice.Book))}")]);

    private static IEnumerable<(int Reader, string Book, int Place)> Shelves(Func<int, string> genreOf)
    {
        for (int reader = 0; reader < 60; reader++)
        {
            int[] shelf = [.. Enumerable.Range(0, 12)];
            new Random(reader).Shuffle(shelf);
            for (int place = 0; place < 8; place++) yield return (reader, $"{genreOf(reader)}-{shelf[place]}", place);
        }
    }

    private string Recipe(string name, string json) => Lines($"{name}.json", json);

    private string Lines(string name, params string[] lines)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllLines(path, lines);
        return path;
    }
}
