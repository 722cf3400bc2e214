using System.Diagnostics;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>This test program in a process of its own, as <see cref="RacingProgram"/>. It does not outlive its test, however that ends.</summary>
internal sealed class RacingProcess(string uri, string database, string name) : IDisposable
{
    private readonly Process _process = Process.Start(
        new ProcessStartInfo("dotnet", [typeof(RacingProgram).Assembly.Location, RacingProgram.Verb, uri, database, name])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;

    public async Task WaitUntilReadyAsync(CancellationToken cancellation) =>
        Assert.Equal(RacingProgram.Ready, await _process.StandardOutput.ReadLineAsync(cancellation));

    /// <summary>Lets it go, and returns what it says it was granted.</summary>
    public async Task<List<string>> RaceAsync(CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync("go".AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        var granted = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line == RacingProgram.Done) return granted;
            granted.Add(line);
        }
        throw new InvalidOperationException("the process ended before it was done");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
