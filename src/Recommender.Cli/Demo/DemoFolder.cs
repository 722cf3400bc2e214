using Recommender.Cli.Terminal;

namespace Recommender.Cli.Demo;

/// <summary>Where the demo's shop lives: a folder of the user's, or one that goes with the demo.</summary>
internal sealed class DemoFolder : IDisposable
{
    private readonly bool _temporary;

    private DemoFolder(string path, bool temporary) => (Path, _temporary) = (path, temporary);

    public string Path { get; }

    /// <exception cref="InputException">The folder holds something already.</exception>
    public static DemoFolder Of(DirectoryInfo? kept)
    {
        if (kept is null) return new DemoFolder(Directory.CreateTempSubdirectory("recommender-demo-").FullName, temporary: true);
        if (kept.Exists && kept.EnumerateFileSystemInfos().Any()) throw new InputException($"{kept.FullName} is not empty; name another folder with --data");
        return new DemoFolder(kept.FullName, temporary: false);
    }

    public void Dispose()
    {
        if (_temporary) Directory.Delete(Path, recursive: true);
    }
}
