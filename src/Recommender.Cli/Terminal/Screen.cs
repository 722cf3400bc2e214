using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Recommender.Cli.Terminal;

/// <summary>Where a command writes: what was asked for to standard output, everything said along the way to standard error.</summary>
internal sealed class Screen
{
    private static readonly JsonSerializerOptions _indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // Titles stay readable; the output is a document, not part of an HTML page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public IAnsiConsole Out { get; } = Open(Console.Out, Console.IsOutputRedirected);

    public IAnsiConsole Error { get; } = Open(Console.Error, Console.IsErrorRedirected);

    public bool IsTerminal { get; } = !Console.IsErrorRedirected;

    public void Json(object value) => Out.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(value, _indented));

    public void Line(string text = "") => Out.WriteLine(text);

    public void Note(string text) => Error.WriteLine(text);

    private static IAnsiConsole Open(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        // A pipe has no width; a table cut to 80 columns would lose what somebody greps for.
        if (redirected) console.Profile.Width = 200;
        return console;
    }
}
