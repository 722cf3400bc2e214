using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Recommender.Cli.Commands;
using Recommender.Cli.Terminal;

namespace Recommender.Cli;

/// <summary>The command `recommender`: parses, runs one command, and is the one place where an exception becomes an exit code.</summary>
internal static partial class CommandLine
{
    public static RootCommand Create() => new("Recommends what fits a customer, and says why. `recommender demo` shows how in a minute.")
    {
        DemoCommand.Create(),
        ServeCommand.Create(),
        ImportCommand.Create(),
        TrainCommand.Create(),
        EvaluateCommand.Create(),
        MeasureCommand.Create(),
        TuneCommand.Create(),
        ModelCommand.Create(),
        RecommendCommand.Create(),
        SimilarCommand.Create(),
        BatchCommand.Create(),
        QuestionnaireCommand.Create(),
        StatusCommand.Create(),
        KeyCommand.Create(),
        RecipeCommand.Create(),
        CopyCommand.Create(),
        SizeCommand.Create(),
        LifeCycleCommand.Create(),
        BenchCommand.Create(),
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0) return Usage(parsed);
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("interrupted; nothing is half-written");
            return ExitCode.Interrupted;
        }
        catch (Exception error) when (KnownErrors.Explain(error) is { } sentence)
        {
            await Console.Error.WriteLineAsync($"error: {WithoutPasswords(sentence)}");
            return ExitCode.Failed;
        }
    }

    private static int Usage(ParseResult parsed)
    {
        foreach (ParseError error in parsed.Errors) Console.Error.WriteLine($"error: {WithoutPasswords(error.Message)}");
        // A command of a command is named with those above it, and the root as it is installed.
        string command = string.Join(' ', Path(parsed.CommandResult).Reverse());
        Console.Error.WriteLine($"try: {command} --help");
        return ExitCode.Usage;
    }

    private static IEnumerable<string> Path(SymbolResult? command)
    {
        for (; command is CommandResult result; command = result.Parent) yield return result.Command is RootCommand ? "recommender" : result.Command.Name;
    }

    // A URI in the wrong place is repeated by whoever complains of it.
    internal static string WithoutPasswords(string message) => Credentials().Replace(message, "***");

    [GeneratedRegex(@"(?<=://)[^/\s]+(?=@)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Credentials();
}
