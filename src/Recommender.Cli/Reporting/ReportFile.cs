using System.Text;
using Recommender.Cli.Terminal;

namespace Recommender.Cli.Reporting;

/// <summary>Where a report goes. It is there whole or as it was: hours of work end in it.</summary>
internal sealed class ReportFile
{
    private ReportFile(string path) => Path = path;

    public string Path { get; }

    /// <summary>Looks before the work begins whether the place is one.</summary>
    /// <exception cref="InputException">The folder is not there, or the name is a folder's.</exception>
    public static ReportFile? At(FileInfo? file, string option = "--report")
    {
        if (file is null) return null;
        if (file.Directory is { Exists: false } folder) throw new InputException($"{option} {file}: there is no folder {folder}");
        if (Directory.Exists(file.FullName)) throw new InputException($"{option} {file} is a folder; name a file in it");
        if (file.Extension is not (".html" or ".htm")) throw new InputException($"{option} {file} is a page; give it a name that ends in .html");
        return new ReportFile(file.FullName);
    }

    public async Task WriteAsync(string page, CancellationToken cancellation)
    {
        string begun = $"{Path}.begun";
        try
        {
            await File.WriteAllTextAsync(begun, page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellation);
            File.Move(begun, Path, overwrite: true);
        }
        finally { File.Delete(begun); }
    }
}
