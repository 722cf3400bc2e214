using System.ComponentModel;

namespace Recommender.Interop.Tests.Harness;

/// <summary>A language with a gRPC of its own, if this machine has it; .ci/interop-setup installs it.</summary>
public sealed class ForeignLanguage
{
    public static readonly ForeignLanguage Python = new(
        "Python", ".py", "python3-grpcio", ["-c", "import grpc, google.protobuf"], ["python3", "/usr/bin/python3"]);

    public static readonly ForeignLanguage Node = new(
        "Node", ".js", "@grpc/grpc-js", ["-e", "require('@grpc/grpc-js'); require('@grpc/proto-loader')"], ["node"]);

    private readonly string _extension;
    private readonly string _component;
    private readonly string[] _probe;
    private readonly string[] _programs;
    private readonly Lazy<Task<string?>> _program;

    private ForeignLanguage(string name, string extension, string component, string[] probe, string[] programs)
    {
        (Name, _extension, _component, _probe, _programs) = (name, extension, component, probe, programs);
        _program = new(FindAsync);
    }

    public string Name { get; }

    /// <summary>Where the scripts are.</summary>
    public static string Folder { get; } = Path.Combine(FindRepository(), "tests", "Recommender.Interop.Tests", "Foreign");

    /// <summary>Runs Foreign/script; where the language is missing, the test is skipped, and on CI it fails.</summary>
    public async Task<ForeignProcess> StartAsync(string script, params string[] arguments)
    {
        string? program = await _program.Value;
        if (program is null)
        {
            string reason = $"{_component} is not installed: run .ci/interop-setup";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Fail(reason);
        }
        return ForeignProcess.Start(program, [script + _extension, .. arguments], Folder);
    }

    public override string ToString() => Name;

    private async Task<string?> FindAsync()
    {
        foreach (string program in _programs)
        {
            try
            {
                await using var process = ForeignProcess.Start(program, _probe, Folder);
                if (await process.WaitForExitAsync(CancellationToken.None) == 0)
                    return program;
            }
            catch (Win32Exception)
            {
                // There is no such program; perhaps there is the next.
            }
        }
        return null;
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Recommender.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"Recommender.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
