using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Recommender.Cli;
using Recommender.LifeCycle;
using Recommender.Tests.Importing;
using Recommender.Tests.LifeCycle;

namespace Recommender.Tests.Commands;

public sealed class LifeCycleCommandTests : IDisposable
{
    private readonly SourceFolder _folder = new();
    private readonly BgNbd _planted = new(0.7, 8, 0.6, 2);

    private string Orders => Path.Combine(_folder.Path, "orders.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Orders_are_fitted_and_held_against_what_came_after()
    {
        DateOnly end = PlantedCustomers.Opening.AddDays(700), until = PlantedCustomers.Opening.AddDays(500);
        _folder.WriteGzip("orders.csv", Lines(new PlantedCustomers(_planted, new GammaGamma(6, 4, 15), seed: 6), 3_000, end));
        string plot = Path.Combine(_folder.Path, "plot.svg");

        var fit = await CommandProcess.RunAsync("lifecycle", "fit", "--orders", Orders, "--until", $"{until:yyyy-MM-dd}", "--json", "--plot", plot);
        Assert.True(fit.ExitCode == ExitCode.Done, fit.Error);
        JsonNode figures = JsonNode.Parse(fit.Output)!;
        Assert.InRange((double)figures["r"]!, 0.55, 0.85);
        Assert.InRange((double)figures["alpha"]!, 6, 10);
        Assert.Equal("week", (string?)figures["unit"]);
        Assert.Equal(3_000, (int)figures["customers"]!);
        Assert.Equal(3_000, (int)figures["returns_ignored"]!);
        Assert.InRange((double)figures["gamma_gamma"]!["mean_value"]!, 28, 32);
        double expected = (double)figures["holdout"]!["expected"]!, actual = (double)figures["holdout"]!["actual"]!;
        Assert.InRange(expected / actual, 0.93, 1.07);
        JsonArray periods = figures["periods"]!.AsArray();
        Assert.Equal(actual, periods.Where(period => (bool)period!["after_fit"]!).Sum(period => (double)period!["actual"]!));

        XDocument svg = XDocument.Load(plot);
        XNamespace image = "http://www.w3.org/2000/svg";
        Assert.Equal(6, svg.Descendants(image + "polyline").Count());
        Assert.All(svg.Descendants(image + "polyline"), line => Assert.DoesNotContain("NaN", (string?)line.Attribute("points")));

        var read = await CommandProcess.RunAsync("lifecycle", "fit", "--orders", Orders, "--until", $"{end:yyyy-MM-dd}", "--unit", "day");
        Assert.Equal(ExitCode.Done, read.ExitCode);
        Assert.Contains("3,000 customers had bought by", read.Output);
        Assert.DoesNotContain("After it", read.Output);
    }

    [Theory]
    [InlineData("customer,date,amount", "2014-01-01", "is before the first order (2015-01-05)")]
    [InlineData("customer,date,amount", "2999-01-01", "lies in the future")]
    [InlineData("customer,date,amount", "01/02/2015", "is not a day; write it as 2011-08-01")]
    [InlineData("customer,day,amount", "2015-03-01", "has no column \"date\"")]
    [InlineData("customer,date", "2015-03-01", "has no column \"amount\"")]
    [InlineData("nobody,repeats,here", "2015-03-01", "has no column \"customer\"")]
    public async Task What_cannot_be_fitted_is_said(string header, string until, string problem)
    {
        _folder.Write("orders.csv", [header, .. Enumerable.Range(0, 40).Select(i => $"c{i},2015-01-05,10")]);
        var fit = await CommandProcess.RunAsync("lifecycle", "fit", "--orders", Orders, "--until", until);
        Assert.Equal(ExitCode.Failed, fit.ExitCode);
        Assert.Contains(problem, fit.Error);
        Assert.Empty(fit.Output);
    }

    [Fact]
    public async Task A_shop_where_nobody_came_back_is_told_so()
    {
        _folder.Write("orders.csv", ["amount,extra,customer,date", .. Enumerable.Range(0, 40).Select(i => $"10,x,c{i},2015-01-05T10:00:00Z")]);
        var fit = await CommandProcess.RunAsync("lifecycle", "fit", "--orders", Orders, "--until", "2015-03-01");
        Assert.Equal(ExitCode.Failed, fit.ExitCode);
        Assert.Contains("0 of 40 customers have bought on a second day", fit.Error);
    }

    [Fact]
    public async Task A_bad_line_is_named_and_costs_itself_only()
    {
        List<string> lines = [.. Lines(new PlantedCustomers(_planted, null, seed: 6), 200, PlantedCustomers.Opening.AddDays(300))];
        lines.Insert(3, "10,c1,2015-02-30");
        lines.Insert(5, "ten,c1,2015-02-20");
        lines.Insert(7, "10,,2015-02-20");
        _folder.Write("orders.csv", lines);
        var fit = await CommandProcess.RunAsync("lifecycle", "fit", "--orders", Orders, "--until", "2015-12-01", "--json");
        Assert.Equal(ExitCode.Failed, fit.ExitCode);
        Assert.Contains("line 4: date \"2015-02-30\"", fit.Error);
        Assert.Contains("line 6: amount \"ten\" is not a number", fit.Error);
        Assert.Contains("line 8: customer", fit.Error);
        Assert.Equal((3, 200), ((int)JsonNode.Parse(fit.Output)!["lines_rejected"]!, (int)JsonNode.Parse(fit.Output)!["customers"]!));
    }

    [Fact]
    public async Task A_wrong_call_is_answered_with_the_right_one()
    {
        var unit = await CommandProcess.RunAsync("lifecycle", "fit", "--orders", Orders, "--until", "2015-01-01", "--unit", "month");
        Assert.Equal(ExitCode.Usage, unit.ExitCode);
        Assert.Contains("try: recommender lifecycle fit --help", unit.Error);
        var plot = await CommandProcess.RunAsync("lifecycle", "fit", "--orders", Orders, "--until", "2015-01-01", "--plot", "plot.png");
        Assert.Equal(ExitCode.Failed, plot.ExitCode);
        Assert.Contains("neither an .svg nor an .html file", plot.Error);
    }

    [Fact]
    public async Task A_pass_over_a_folder_tells_how_many_are_in_each_stage()
    {
        _folder.Write("orders.csv", ["customer,item,timestamp", .. Enumerable.Range(0, 40).Select(i => $"c{i % 10},i{i},{1_300_000_000 + i * 86_400}")]);
        string shop = Path.Combine(_folder.Path, "shop");
        var import = await CommandProcess.RunAsync("import", "csv", Orders, "--store", shop, "--type", "purchase");
        Assert.True(import.ExitCode == ExitCode.Done, import.Error);

        var pass = await CommandProcess.RunAsync("lifecycle", "pass", "--store", shop, "--json");

        Assert.True(pass.ExitCode == ExitCode.Done, pass.Error);
        JsonNode outcome = JsonNode.Parse(pass.Output)!;
        Assert.Equal(10, (int)outcome["customers"]!);
        Assert.True((bool)outcome["everybody"]!);
        Assert.Equal(10, (int)outcome["stages"]!["dissolution"]!);
        var again = await CommandProcess.RunAsync("lifecycle", "pass", "--store", shop, "--json");
        Assert.Equal(0, (int)JsonNode.Parse(again.Output)!["customers"]!);
    }

    private static IEnumerable<string> Lines(PlantedCustomers planted, int customers, DateOnly end)
    {
        yield return "amount,customer,date";
        for (int i = 0; i < customers; i++)
        {
            var (days, amounts) = planted.Customer(PlantedCustomers.Opening.AddDays(i % 60), end);
            foreach (var (day, amount) in days.Zip(amounts)) yield return string.Create(CultureInfo.InvariantCulture, $"{amount:0.00},c{i},{day:yyyy-MM-dd}");
            yield return $"-5.00,c{i},{days[^1]:yyyy-MM-dd}";
        }
    }
}
