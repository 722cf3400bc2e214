using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Recommender.Cli.Terminal;
using Recommender.Protocol.V1;

namespace Recommender.Cli.Commands;

internal static class BatchCommand
{
    public static Command Create()
    {
        var output = new Option<FileInfo>("--out") { Description = "The file to write; until it is whole it is called FILE.part.", HelpName = "FILE", Required = true };
        var resume = new Option<bool>("--resume") { Description = "Go on with an unfinished file; begins where there is none." };
        var format = new Option<string?>("--format") { Description = "csv: a line an item; jsonl: a line a customer. Without it: by the file's name.", HelpName = "FORMAT" };
        format.AcceptOnlyFromAmong("csv", "jsonl");
        var store = SharedOptions.Store();
        var address = new Option<string?>("--address")
        {
            Description = $"Ask the server at this gRPC address instead of opening the store; its key is read from "
                + $"{ServerAccess.KeyVariable}.",
            HelpName = "URI",
        };
        var trusted = new Option<FileInfo?>("--tls-ca")
        {
            Description = "With --address: certificates to trust (PEM) instead of the system's.",
            HelpName = "FILE",
        };
        var customers = new Option<FileInfo?>("--customers") { Description = "Whom: an id a line. Without it: all customers.", HelpName = "FILE" };
        var customerFilter = Text("--customer-filter", "Whom: customers whose profile satisfies this.", "EXPR");
        var scenario = Text("--scenario", "The place to recommend for.", "ID");
        var channel = Text("--channel", "Where it will be shown: consent and budgets go by it. Without it: the scenario's.", "NAME");
        var filter = Text("--filter", "What an item must satisfy.", "EXPR");
        var boosts = Boosts();
        var exclude = new Option<string[]>("--exclude")
        {
            Description = "Items that nobody is recommended.",
            HelpName = "ITEM",
            AllowMultipleArgumentsPerToken = true,
        };
        var properties = Text("--properties", "Attributes of items to write, with commas between.", "NAMES");
        var count = new Option<int?>("--count") { Description = "How many items each. Without it: the scenario's number.", HelpName = "N" }.Within(1, 1000);
        var reasons = new Option<bool>("--reasons") { Description = "Write why each item is recommended." };
        var silent = new Option<bool>("--silent") { Description = "Write also who is not to be addressed, and why; they are only counted otherwise." };
        var preview = new Option<bool>("--preview") { Description = "Only a look: for everybody, addressed or not, and nothing is remembered." };
        var threads = SharedOptions.Threads();
        var json = SharedOptions.Json();
        var command = new Command("batch", """
            Recommends to many customers at once, for a mailing, and writes a file. Consent and contact budgets of the channel are obeyed; what is written is
            remembered as shown. Stopped or killed, it goes on with --resume: nobody twice in the file, nobody missing.

            Examples:
              recommender batch --store X --out mailing.csv --scenario mail-weekly --count 5 --properties title,price
              recommender batch --store X --out mailing.csv --scenario mail-weekly --count 5 --properties title,price --resume
              recommender batch --store X --out mailing.csv --boost '2: item.publisher == "own"' --exclude book-7 book-9
              recommender batch --address http://127.0.0.1:5080 --out all.jsonl --preview
            """)
        {
            output, resume, format, store, address, trusted, customers, customerFilter, scenario, channel, filter, boosts, exclude,
            properties, count, reasons, silent, preview, threads, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(store) is not null && result.GetValue(address) is not null) result.AddError("give --store or --address, not both");
            if (result.GetValue(trusted) is not null && result.GetValue(address) is null)
                result.AddError("--tls-ca is for a server; give its --address, too");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            string path = parsed.GetValue(output)!.FullName;
            bool goesOn = parsed.GetValue(resume);
            if (goesOn && BatchFile.IsWhole(path))
            {
                screen.Line($"{path} is whole already; delete it to write it anew");
                return ExitCode.Done;
            }
            var server = parsed.GetValue(address) is { } at ? ServerAccess.Of(at, parsed.GetValue(trusted)) : null;
            string[] columns = parsed.GetValue(properties)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var request = new RecommendBatchRequest
            {
                CustomerFilter = parsed.GetValue(customerFilter),
                Scenario = parsed.GetValue(scenario),
                Channel = parsed.GetValue(channel),
                Filter = parsed.GetValue(filter),
                Boosts = { parsed.GetValue(boosts) },
                ExcludeItemIds = { parsed.GetValue(exclude) },
                PropertyMask = columns.Length > 0 ? new FieldMask { Paths = { columns } } : null,
                Reasons = parsed.GetValue(reasons),
                Preview = parsed.GetValue(preview),
                LeaveOutSilent = !parsed.GetValue(silent) && !parsed.GetValue(preview),
            };
            if (parsed.GetValue(count) is { } wanted) request.Count = wanted;
            string kind = parsed.GetValue(format) ?? (Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? "csv" : "jsonl");

            var chunks = new BatchChunks(request, parsed.GetValue(customers) is { } listed ? await CustomerList.ReadAsync(listed, cancellation) : []);

            using var file = BatchFile.Open(path, chunks.HashOf(kind), goesOn);
            if (file.State.Done > 0) screen.Note(string.Create(CultureInfo.InvariantCulture, $"going on after {file.State.Done:N0} people"));
            var messages = server is not null
                ? BatchSource.OfServer(server, chunks, file.State.Token, cancellation)
                : BatchSource.OfStore(parsed.StoreOf(store), chunks, file.State.Token, parsed.GetValue(threads), cancellation);
            var run = new BatchRun(file, BatchLines.Of(kind, columns), TimeProvider.System);
            var state = await ProgressBar.RunAsync(screen, "batch", progress => WriteAsync(run, messages, progress, file, cancellation));
            if (parsed.GetValue(json))
                screen.Json(new { File = path, Format = kind, state.Bytes, state.Done, state.People, state.Items, state.Silent, Seconds = run.Took.TotalSeconds, PeoplePerSecond = PerSecond(run) });
            else Show(screen, state, run, path, kind, request.Preview);
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string> Text(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => "" };

    private static Option<Boost[]> Boosts() => new("--boost")
    {
        Description = "Raise (above 1) or lower (below 1) the scores of the items that satisfy EXPR; may be given several times.",
        HelpName = "FACTOR:EXPR",
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            var boosts = new List<Boost>();
            foreach (string text in result.Tokens.Select(token => token.Value))
            {
                if (text.Split(':', 2) is [var factor, var filter]
                    && double.TryParse(factor, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
                    boosts.Add(new Boost { Factor = number, Filter = filter.Trim() });
                else
                    result.AddError("--boost must be a factor, a colon and an expression, such as '1.5: item.price < 20.0'; "
                        + $"it is \"{text}\"");
            }
            return [.. boosts];
        },
    };

    private static async Task<BatchState> WriteAsync(
        BatchRun run, IAsyncEnumerable<RecommendBatchResponse> messages, IProgress<Step> progress, BatchFile file, CancellationToken cancellation)
    {
        try { return await run.WriteAsync(messages, progress, cancellation); }
        catch (IOException problem)
        {
            throw new IOException($"{problem.Message}; {(file.IsKept ? "what is written so far is kept: go on with --resume" : "nothing was written yet that counts: begin anew")}", problem);
        }
    }

    private static double PerSecond(BatchRun run) => run.Took > TimeSpan.Zero ? run.DoneNow / run.Took.TotalSeconds : 0;

    private static void Show(Screen screen, BatchState state, BatchRun run, string path, string format, bool preview)
    {
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"{state.Done:N0} people; this run: {run.DoneNow:N0} in {run.Took.TotalSeconds:N1} s, {PerSecond(run):N0} a second"));
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"{state.People:N0} have recommendations, {state.Items:N0} in all"));
        foreach (var (cause, people) in state.Silent)
            screen.Line(string.Create(CultureInfo.InvariantCulture, $"{people:N0} are not to be addressed: {Said(cause)}{(preview ? " (in the file all the same)" : "")}"));
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"file: {path} ({state.Bytes:N0} bytes)"));
        screen.Line(format == "csv"
            ? $"next: load it, such as with `sqlite3 mailing.db \".import --csv '{path}' mailing\"`; reserve each contact before it is sent"
            : "next: load it, a customer a line of JSON; reserve each contact before it is sent");
    }

    private static string Said(string cause) => cause switch
    {
        "consent" => "they have not agreed, or declined",
        "budget" => "they were addressed enough",
        "guardrail" => "an indicator is below the scenario's guardrail",
        "erased" => "they asked to be forgotten",
        "other_account" => "another account of the same person is addressed",
        _ => cause,
    };
}
