using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>
/// A server of its own in front of the test server's database, for a test to stop and kill: the gateway in the folder of public data, with the
/// PostgreSQL that was started there.
/// </summary>
internal sealed class Gateway : IDisposable
{
    private const string Database = "host=127.0.0.1 port=27433 user=postgres dbname=postgres";
    private readonly Process _process;

    private Gateway(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public string Uri => $"mongodb://127.0.0.1:{Port}/";

    public static Task<Gateway> StartAsync(CancellationToken cancellation) => StartAsync(FreePorts(1)[0], [], cancellation);

    public static async Task<Gateway> StartAsync(int port, Dictionary<string, string> environment, CancellationToken cancellation)
    {
        string shared = Environment.GetEnvironmentVariable("RECOMMENDER_SHARED") ?? Path.Combine(Repository.Root, "../shared");
        Assert.SkipUnless(Directory.Exists(shared), $"{shared} is not here: it has the test server");
        string program = Path.Combine(shared, "mongodb", "gateway.py");
        // Debian's own, which has the packages that the gateway needs.
        const string Python = "/usr/bin/python3";
        if (!File.Exists(program) || !File.Exists(Python)) Missing($"{program} or {Python} is not here");
        var start = new ProcessStartInfo(Python, [program, $"{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["GW_PG"] = Database;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        // It prints one line when it is about to listen, and says on the other stream why it cannot.
        if (await process.StandardOutput.ReadLineAsync(cancellation) is null) Missing($"the gateway does not start: {await process.StandardError.ReadToEndAsync(cancellation)}");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return new Gateway(process, port);
    }

    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>It stays, with all its connections, and does nothing.</summary>
    public void Hang() => Signal("-STOP");

    public void GoOn() => Signal("-CONT");

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private static void Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(reason);
        Assert.Skip(reason);
    }
}
