using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Recommender.Cli;

namespace Recommender.Tests.Commands;

/// <summary>The command `recommender` as a user runs it: a process of its own, with its streams and its exit code.</summary>
internal sealed class CommandProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private CommandProcess(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(CommandLine).Assembly.Location);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_error, line.Data);
    }

    public string Output => Text(_output);

    public string Error => Text(_error);

    public static CommandProcess Start(params string[] arguments)
    {
        var command = new CommandProcess(arguments);
        command._process.Start();
        command._process.BeginOutputReadLine();
        command._process.BeginErrorReadLine();
        return command;
    }

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var command = Start(arguments);
        int exitCode = await command.EndAsync();
        return (exitCode, command.Output, command.Error);
    }

    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Waits until standard error has said something; false if the process ended without it.</summary>
    public async Task<bool> SaysAsync(string text)
    {
        while (!Error.Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasExited) return Error.Contains(text, StringComparison.Ordinal);
            await Task.Delay(20);
        }
        return true;
    }

    /// <summary>kill -9: no handler of the process runs.</summary>
    public void Kill() => _process.Kill();

    /// <summary>What a service manager or Ctrl-C sends first.</summary>
    public void Terminate() => Assert.Equal(0, Signal(_process.Id, signal: 15));

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int process, int signal);

    private static void Take(StringBuilder into, string? line)
    {
        if (line is null) return;
        lock (into) into.AppendLine(line);
    }

    private static string Text(StringBuilder from)
    {
        lock (from) return from.ToString();
    }
}
