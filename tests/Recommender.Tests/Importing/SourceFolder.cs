using System.IO.Compression;
using System.Text;
using Recommender.Cli.Importing;

namespace Recommender.Tests.Importing;

/// <summary>A folder of small files that a test writes, and what an import source reads from it.</summary>
internal sealed class SourceFolder : IDisposable
{
    public static readonly ImportOptions Options = new(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));

    public SourceFolder() => Path = Directory.CreateTempSubdirectory("recommender-import-").FullName;

    public string Path { get; }

    public SourceFolder Write(string name, params IEnumerable<string> lines) =>
        WriteBytes(name, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    public SourceFolder WriteBytes(string name, byte[] bytes)
    {
        File.WriteAllBytes(System.IO.Path.Combine(Path, name), bytes);
        return this;
    }

    public SourceFolder WriteGzip(string name, params IEnumerable<string> lines) =>
        WriteBytes(name, Gzip(string.Join('\n', lines) + "\n"));

    public static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    public List<ImportRecord> Read(string source, ImportOptions? options = null, string? file = null)
    {
        ImportSource named = ImportSource.Named(source);
        string path = file is null ? Path : System.IO.Path.Combine(Path, file);
        return [.. named.Read(new SourceFiles(path, named.Files), options ?? Options)];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
