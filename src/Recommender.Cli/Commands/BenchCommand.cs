using System.CommandLine;
using System.Globalization;
using Recommender.Cli.Load;
using Recommender.Cli.Reporting;
using Recommender.Cli.Terminal;

namespace Recommender.Cli.Commands;

internal static class BenchCommand
{
    public static Command Create()
    {
        var address = new Option<string>("--address") { Description = "The gRPC address of the server.", HelpName = "URI", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
        var trusted = new Option<FileInfo?>("--tls-ca") { Description = "Certificates to trust (PEM) instead of the system's.", HelpName = "FILE" };
        var customers = new Option<FileInfo?>("--customers") { Description = "Whom to recommend to, an id a line. Without it: up to 1,000 customers the server lists.", HelpName = "FILE" };
        var scenario = new Option<string>("--scenario") { Description = "The place to recommend for.", HelpName = "ID", DefaultValueFactory = _ => "" };
        var count = SharedOptions.Count(otherwise: 10);
        var rates = Rates();
        var seconds = Whole("--seconds", "How long each step takes.", 10, 1, 3600);
        var warmUp = Whole("--warm-up", "Seconds before anything is measured.", 10, 0, 3600);
        var connections = Whole("--connections", "HTTP/2 connections, used in turn; each carries 100 calls at a time.", 4, 1, 1000);
        var poisson = new Option<bool>("--poisson") { Description = "Requests come as independent people do, some together, instead of at equal distances." };
        var preview = new Option<bool>("--preview") { Description = "Leave nothing behind in the shop. Remembering what was answered is then not measured." };
        var swap = Whole("--swap", "Put another version of the model in service every so many seconds; 0 for never.", 0, 0, 3600);
        var beside = new Option<string?>("--beside")
        {
            Description = "Measure recommendations once more while the server does this again and again: training (each version is kept "
                + "and not published) or batch (for all customers, as a preview).",
            HelpName = "WORK",
        };
        beside.AcceptOnlyFromAmong(Beside.Training, Beside.Batch);
        var pid = new Option<int?>("--pid") { Description = "The server's process, for its CPU time. Without it: who listens, if that can be seen (Linux).", HelpName = "N" };
        var page = new Option<FileInfo?>("--out") { Description = "Write tables and plots as one page (HTML).", HelpName = "FILE" };
        var json = new Option<FileInfo?>("--json") { Description = "Write all figures as JSON.", HelpName = "FILE" };
        var command = new Command("bench", $"""
            Measures a running server: recommendations and, beside them, the emptiest call (health Check), sent at fixed rates whatever the answers do, so that
            queueing shows. Latencies count from the moment a request was due. A key is read from {ServerAccess.KeyVariable}.

            Examples:
              recommender bench
              recommender bench --rates 200,400,800 --seconds 30 --out bench.html
              recommender bench --rates 400 --seconds 60 --swap 5
              recommender bench --rates 400 --seconds 30 --beside training
              recommender bench shop --store X --models 2 && recommender serve --store X
            """)
        {
            address, trusted, customers, scenario, count, rates, seconds, warmUp, connections, poisson, preview, swap, beside, pid, page,
            json, BenchShopCommand.Create(),
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(preview) && result.GetValue(beside) == Beside.Training)
                result.AddError("--preview leaves nothing behind, and --beside training a version each time; give one of them, or --beside "
                    + "batch");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            var (report, figures) = (ReportFile.At(parsed.GetValue(page), "--out"), JsonFile(parsed.GetValue(json)));
            var server = ServerAccess.Of(parsed.GetValue(address)!, parsed.GetValue(trusted));
            var options = new LoadOptions
            {
                Address = server.Address,
                Key = server.Key,
                TrustedFile = server.TrustedFile,
                Customers = parsed.GetValue(customers) is { } file ? [.. await CustomerList.ReadAsync(file, cancellation)] : [],
                Scenario = parsed.GetValue(scenario)!,
                Count = parsed.GetValue(count),
                Rates = [.. parsed.GetValue(rates)!],
                Step = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
                Connections = parsed.GetValue(connections),
                Poisson = parsed.GetValue(poisson),
                Preview = parsed.GetValue(preview),
                SwapEvery = parsed.GetValue(swap) is > 0 and int every ? TimeSpan.FromSeconds(every) : null,
                Beside = parsed.GetValue(beside),
                Pid = parsed.GetValue(pid),
            };
            foreach (double rate in options.Rates) ArrivalSchedule.RequirePossible(rate, options.Step);
            var result = await ProgressBar.RunAsync(screen, "measuring", progress => new LoadRun(options, TimeProvider.System, progress).RunAsync(cancellation));
            LoadTable.Show(screen, result);
            if (report is not null)
            {
                await report.WriteAsync(LoadReport.Html(result), cancellation);
                screen.Note($"report: {report.Path}");
            }
            if (figures is not null) await File.WriteAllTextAsync(figures, LoadJson.Of(result), cancellation);
            screen.Note(Next(parsed.GetValue(address)!, result, report));
            return result.Steps.Any(step => step.Measured.Sum(one => one.Failed) > 0) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static string Next(string address, LoadResult result, ReportFile? report) => report is null
        ? $"next: --out FILE.html draws it; recommender bench --address {address} --rates {result.Headline.Rate:0} --seconds 60 --swap 5 shows what a swap of models does"
        : $"next: recommender bench --address {address} --rates {result.Headline.Rate:0} --seconds 60 --swap 5 --out swap.html shows what a swap of models does, second by second";

    private static string? JsonFile(FileInfo? file) => file switch
    {
        null => null,
        { Directory.Exists: false } => throw new InputException($"--json {file}: there is no folder {file.Directory}"),
        _ when Directory.Exists(file.FullName) => throw new InputException($"--json {file} is a folder; name a file in it"),
        _ => file.FullName,
    };

    private static Option<int> Whole(string name, string description, int otherwise, int from, int to) =>
        new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => otherwise }.Within(from, to);

    private static Option<double[]> Rates() => new("--rates")
    {
        Description = "Requests a second, one step each. Without it: 10, 25, 50, 75 and 90 % of the greatest rate the server keeps up with, which is looked for.",
        HelpName = "N,N,...",
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            var rates = new List<double>();
            foreach (string text in result.Tokens.SelectMany(token => token.Value.Split(',')))
            {
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && rate is >= 0.1 and <= 1_000_000) rates.Add(rate);
                else result.AddError($"--rates must be numbers from 0.1 to 1,000,000 with commas between, one is \"{text}\"");
            }
            return [.. rates];
        },
    };
}
