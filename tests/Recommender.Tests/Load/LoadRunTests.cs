using System.Text.Json;
using System.Xml.Linq;
using Grpc.Core;
using Recommender.Cli;
using Recommender.Cli.Commands;
using Recommender.Cli.Load;
using Recommender.Cli.Reporting;
using Recommender.Cli.Terminal;
using Recommender.Interactions;
using Recommender.Tests.Commands;
using Recommender.Tests.Server;
using LoadOptions = Recommender.Cli.Load.LoadOptions;

namespace Recommender.Tests.Load;

/// <summary>Real servers under a little load. How fast they are is nobody's business here.</summary>
public sealed class LoadRunTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    private LoadOptions Brief => new()
    {
        Address = new Uri($"http://{shop.Channel.Target}"),
        Customers = ["crime-reader-0", "garden-reader-1"],
        Rates = [40, 80],
        Step = TimeSpan.FromSeconds(0.5),
        WarmUp = TimeSpan.Zero,
        Connections = 2,
        Count = 3,
    };

    [Fact]
    public async Task Every_request_that_was_due_is_answered_or_said_to_have_failed()
    {
        var result = await RunAsync(Brief);

        Assert.Equal([40, 80], result.Steps.Select(step => step.Rate));
        foreach (var step in result.Steps.SelectMany(step => new[] { step.Empty, step.Recommend }))
        {
            Assert.Equal((int)(step.Rate / 2), step.Sent);
            Assert.Equal(step.Sent, step.Latency.Count + step.Failed);
            Assert.Equal(0, step.Failed);
            Assert.True(step.Achieved <= step.Rate);
            Assert.True(step.Latency.At(50) > TimeSpan.Zero);
            // The server is a part of this process, whose CPU time tells nothing.
            Assert.Null(step.ServerMicroseconds);
        }
        Assert.Contains("3 items", result.Answered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_is_one_page_that_loads_nothing_and_the_figures_are_in_it()
    {
        var result = await RunAsync(Brief with { Poisson = true, Preview = true });
        string page = LoadReport.Html(result);

        // Well-formed, so every drawing is.
        XDocument.Parse(page.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.Contains("80 Recommend", page, StringComparison.Ordinal);
        var steps = JsonDocument.Parse(LoadJson.Of(result)).RootElement.GetProperty("steps");
        Assert.Equal(40, steps[1].GetProperty("recommend").GetProperty("answered").GetInt32());
    }

    [Fact]
    public async Task Versions_of_the_model_take_turns_under_load_without_a_failed_call_and_the_first_is_live_in_the_end()
    {
        await shop.TrainAsync();
        string? live = shop.Shop.Models.LiveId;
        var result = await RunAsync(Brief with { Rates = [50], Step = TimeSpan.FromSeconds(3), SwapEvery = TimeSpan.FromSeconds(0.2) });

        Assert.NotEmpty(result.Steps[0].Recommend.Swaps);
        Assert.Equal(0, result.Steps[0].Recommend.Failed);
        Assert.Equal(live, shop.Shop.Models.LiveId);
        Assert.True((await shop.Shop.Store.Models.PublicationsAsync(shop.Shop.Tenant, CancellationToken.None)).Count > 2);
    }

    [Theory]
    [InlineData(Beside.Training)]
    [InlineData(Beside.Batch)]
    public async Task What_the_server_does_beside_is_measured_and_told_and_changes_nothing_that_is_in_service(string kind)
    {
        string? live = shop.Shop.Models.LiveId;
        var result = await RunAsync(Brief with { Rates = [40], Beside = kind });

        var step = result.Steps[0];
        Assert.Equal((kind, $"Recommend beside a {kind}", 20), (step.Work!.Kind, step.Beside!.Call, step.Beside.Sent));
        Assert.Equal(0, step.Beside.Failed);
        Assert.True(step.Work.Alone > TimeSpan.Zero);
        string told = $"a {kind} beside 40 a second";
        Assert.Contains(LoadTable.Sentences(result), sentence => sentence.StartsWith(told, StringComparison.Ordinal));
        Assert.Equal(live, shop.Shop.Models.LiveId);
        Assert.Empty(await shop.Shop.Store.Recommendations.ReadPersonAsync(
            shop.Shop.Tenant, Person.Customer("garden-reader-5"), DateTimeOffset.MinValue, 10, CancellationToken.None));
    }

    [Fact]
    public async Task How_much_slower_something_is_beside_requests_is_told_only_of_what_was_done_whole()
    {
        var result = await RunAsync(Brief with { Rates = [40] });
        var step = result.Steps[0];
        string Told(int done, double seconds)
        {
            var work = new BesideWork("batch", done, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(2));
            return LoadTable.Sentences(result with { Steps = [step with { Beside = step.Recommend, Work = work }] })
                .Single(sentence => sentence.StartsWith("a batch", StringComparison.Ordinal));
        }

        Assert.Contains("alone it takes 2.0 s, beside them 1.5 x that (3 whole in 9.0 s)", Told(3, 9), StringComparison.Ordinal);
        Assert.Contains("none was done beside them in time: give more --seconds", Told(0, 0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_says_so_before_anything_is_measured()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() => RunAsync(Brief with { Scenario = "hoem" }));
        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
    }

    [Fact]
    public async Task Without_customers_one_is_told_how_to_name_some()
    {
        var problem = await Assert.ThrowsAsync<InputException>(() => RunAsync(Brief with { Customers = [] }));
        Assert.Contains("--customers", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shop_is_made_up_served_and_measured_by_three_commands()
    {
        string folder = Directory.CreateTempSubdirectory("bench-").FullName;
        try
        {
            string store = Path.Combine(folder, "shop"), page = Path.Combine(folder, "page.html");
            var (made, _, problem) = await CommandProcess.RunAsync("bench", "shop", "--store", store, "--items", "1000", "--customers", "60", "--factors", "8");
            Assert.True(made == ExitCode.Done, problem);
            using var server = CommandProcess.Start("serve", "--store", store, "--port", "0", "--http-port", "0");
            string address = await ServeTests.AddressAsync(server);
            var (exitCode, output, error) = await CommandProcess.RunAsync("bench", "--address", address, "--rates", "50", "--seconds", "1", "--warm-up", "0", "--out", page);

            Assert.True(exitCode == ExitCode.Done, error);
            Assert.Contains("personalised", error, StringComparison.Ordinal);
            Assert.Contains("x p50", output, StringComparison.Ordinal);
            if (OperatingSystem.IsLinux()) Assert.Contains("us an empty call", output, StringComparison.Ordinal);
            Assert.True(File.Exists(page));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Theory]
    [InlineData("--rates must be numbers", "--rates", "100,fast")]
    [InlineData("--rates must be numbers", "--rates", "0")]
    [InlineData("--seconds must be a whole number", "--seconds", "0")]
    [InlineData("--address must be like", "--address", "127.0.0.1")]
    [InlineData("nothing to trust", "--address", "http://127.0.0.1:1", "--tls-ca", "ca.pem")]
    [InlineData("--beside training a version each time", "--preview", "--beside", "training")]
    [InlineData("--out", "--out", "nowhere/page.html")]
    public async Task What_cannot_be_measured_is_said_with_what_to_give_instead(string expected, params string[] arguments)
    {
        var (exitCode, _, error) = await CommandProcess.RunAsync(["bench", .. arguments]);
        Assert.NotEqual(ExitCode.Done, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static Task<LoadResult> RunAsync(LoadOptions options) => new LoadRun(options, TimeProvider.System, new Progress<Step>()).RunAsync(CancellationToken.None);
}
