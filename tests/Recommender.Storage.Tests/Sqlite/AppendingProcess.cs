using System.Diagnostics;

namespace Recommender.Storage.Tests.Sqlite;

/// <summary>This test program in a process of its own, as <see cref="AppendingProgram"/>. It does not outlive its test, however that ends.</summary>
internal sealed class AppendingProcess(string folder) : IDisposable
{
    private readonly Process _process = Process.Start(
        new ProcessStartInfo("dotnet", [typeof(AppendingProgram).Assembly.Location, AppendingProgram.Verb, folder])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;

    public int Id => _process.Id;

    public ValueTask<string?> ReadLineAsync(CancellationToken cancellation) => _process.StandardOutput.ReadLineAsync(cancellation);

    /// <summary>SIGKILL: the process has no say in it.</summary>
    public void Kill() => _process.Kill();

    public Task WaitForExitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
