using System.CommandLine;
using System.Globalization;
using Recommender.Cli.Importing;
using Recommender.Cli.Plotting;
using Recommender.Cli.Terminal;
using Recommender.LifeCycle;
using Recommender.Server.Relationships;
using Spectre.Console;

namespace Recommender.Cli.Commands;

internal static class LifeCycleCommand
{
    public static Command Create() => new("lifecycle", "When customers buy again, and how sure it is that they still do.") { Fit(), Pass() };

    private static Command Pass()
    {
        var store = SharedOptions.Store();
        var full = new Option<bool>("--full") { Description = "Work everybody out anew, not only whose day has come and who did something since the last pass." };
        var fit = new Option<bool>("--fit") { Description = "Fit the life-cycle model on the shop's own purchases first." };
        var json = SharedOptions.Json();
        var command = new Command("pass", """
            Brings the stages of a shop's customers up to today; meant for every night. Stopped, it is taken up again by the next one.

            Examples:
              recommender lifecycle pass --store X
              recommender lifecycle pass --store X --fit --json
            """)
        { store, full, fit, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(store), cancellation);
            if (parsed.GetValue(fit)) await shop.Fitting.RunAsync(TimeUnit.Week, cancellation);
            var outcome = await ProgressBar.RunAsync(screen, "pass", progress => shop.Pass.RunAsync(parsed.GetValue(full), new PassSteps(progress), cancellation));
            var stages = await shop.Store.LifeCycle.CountAsync(shop.Tenant, cancellation);
            var model = shop.Relationships.Rules.Model;
            if (parsed.GetValue(json))
            {
                screen.Json(new { outcome.Customers, outcome.Everybody, outcome.KeyAccounts, Model = model.Note, Stages = stages });
                return ExitCode.Done;
            }
            screen.Line(Text($"{outcome.Customers:N0} customers worked out; the life-cycle model: {model.Note}"));
            foreach (string stage in StageNames.All) screen.Line(Text($"{stage,-12} {stages.GetValueOrDefault(stage),12:N0}"));
            screen.Line(outcome.KeyAccounts is { } accounts ? Text($"key accounts {accounts,12:N0}") : "key accounts: margins are in several currencies; name one in the relationship options");
            return ExitCode.Done;
        });
        return command;
    }

    private sealed class PassSteps(IProgress<Step> progress) : IProgress<PassStep>
    {
        public void Report(PassStep value) => progress.Report(new Step(value.Stage, value.Fraction));
    }

    private static Command Fit()
    {
        var orders = new Option<FileInfo>("--orders")
        {
            Description = "Orders: columns customer, date and amount under a line of names; gzip or plain.",
            HelpName = "FILE",
            Required = true,
        };
        var until = new Option<string>("--until")
        {
            Description = "The last day the model may see; what comes after it is compared.",
            HelpName = "DATE",
            Required = true,
        };
        var unit = new Option<string>("--unit")
        {
            Description = "The unit of alpha and of the periods. The usual one is the week, which evens out weekdays; predictions are the same.",
            HelpName = "day|week",
            DefaultValueFactory = _ => "week",
        };
        unit.AcceptOnlyFromAmong("day", "week");
        var plot = new Option<FileInfo?>("--plot") { Description = "Draws expected beside actual purchases into this file, .svg or .html.", HelpName = "FILE" };
        var json = SharedOptions.Json();
        var command = new Command("fit", """
            Fits BG/NBD and gamma-gamma on a file of orders: how often customers buy, when they leave, what they pay. Purchases of one
            day count once, their amounts added up; returns (negative amounts) are passed over.

            Examples:
              recommender lifecycle fit --orders orders.csv --until 2011-08-01
              recommender lifecycle fit --orders orders.csv.gz --until 2011-08-01 --unit day --json --plot tracking.svg
            """)
        { orders, until, unit, plot, json };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var screen = new Screen();
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            DateOnly day = Day(parsed.GetValue(until)!, now);
            FileInfo? image = Image(parsed.GetValue(plot));
            OrderFileContent content = OrderFile.Read(parsed.GetValue(orders)!.FullName, now.AddDays(1), cancellation);
            foreach (RejectedLine line in content.Rejected.Take(ImportSummary.ExampleLimit)) screen.Note($"rejected: {line}");
            var result = LifeCycleReport.Of(content, day, parsed.GetValue(unit) == "day" ? TimeUnit.Day : TimeUnit.Week, cancellation);
            if (parsed.GetValue(json)) screen.Json(result.Json());
            else Show(screen, result);
            if (image is not null) Draw(screen, result, image);
            return content.Rejected.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        }, cancellation));
        return command;
    }

    private static DateOnly Day(string text, DateTimeOffset now)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
            throw new InputException($"--until {text} is not a day; write it as 2011-08-01");
        if (day > DateOnly.FromDateTime(now.UtcDateTime)) throw new InputException($"--until {text} lies in the future; nobody has bought then yet");
        return day;
    }

    private static FileInfo? Image(FileInfo? file)
    {
        if (file is null) return null;
        if (file.Extension is not (".svg" or ".html")) throw new InputException($"--plot {file} is neither an .svg nor an .html file");
        if (file.Directory is { Exists: false } folder) throw new InputException($"--plot {file}: there is no folder {folder}");
        return file;
    }

    private static void Draw(Screen screen, LifeCycleReport result, FileInfo file)
    {
        if (result.Tracking is null)
        {
            screen.Note($"nothing to draw: no order lies after {result.Until:yyyy-MM-dd}");
            return;
        }
        string svg = TrackingPlot.Svg(result.Fit, result.Tracking, result.Until);
        File.WriteAllText(file.FullName, file.Extension == ".html" ? TrackingPlot.Html(svg) : svg);
        screen.Note($"drawn into {file}");
    }

    private static void Show(Screen screen, LifeCycleReport result)
    {
        BgNbd model = result.Fit.Model;
        string unit = model.Unit == TimeUnit.Week ? "weeks" : "days";
        screen.Line(Text($"{result.Fit.Customers:N0} customers had bought by {result.Until:yyyy-MM-dd}, {result.Fit.RepeatBuyers:N0} of them again; ")
            + Text($"{result.Content.Returns:N0} returns passed over"));
        screen.Line(Text($"BG/NBD: r {model.R:0.####}, alpha {model.Alpha:0.####} {unit}, a {model.A:0.####}, b {model.B:0.####}; ")
            + Text($"log-likelihood {result.Fit.LogLikelihood:0.00}"));
        if (result.Fit.AtBound) screen.Line("A parameter ran to its bound: these purchases do not determine it.");
        screen.Line(result.Value is { } value
            ? Text($"gamma-gamma: p {value.Model.P:0.####}, q {value.Model.Q:0.####}, gamma {value.Model.Gamma:0.####}; ")
                + Text($"a purchase day is worth {value.Model.PopulationMean:0.00} on average")
            : $"gamma-gamma: not fitted, {result.ValueMissing}");
        if (result.Tracking is not { } tracking) return;
        screen.Line();
        screen.Line(Text($"After it, until {result.End:yyyy-MM-dd}: {tracking.Expected:N0} purchases expected of these customers, {tracking.Actual:N0} came"));
        var periods = new Table().Border(TableBorder.Rounded).AddColumns("until", "expected", "actual", "expected so far", "actual so far");
        foreach (TrackedPeriod one in tracking.Periods.Where(one => one.AfterFit))
            periods.AddRow($"{one.Until:yyyy-MM-dd}", Text($"{one.Expected:N1}"), $"{one.Actual:N0}", Text($"{one.ExpectedSum:N0}"), $"{one.ActualSum:N0}");
        screen.Out.Write(periods);
        var bins = new Table().Border(TableBorder.Rounded).AddColumns("repeat purchases before", "customers", "expected each", "actual each");
        foreach (TrackedBin bin in tracking.Bins)
            bins.AddRow($"{bin.Repeats}{(bin.OrMore ? " or more" : "")}", $"{bin.Customers:N0}", Text($"{bin.Expected:0.000}"), Text($"{bin.Actual:0.000}"));
        screen.Out.Write(bins);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
