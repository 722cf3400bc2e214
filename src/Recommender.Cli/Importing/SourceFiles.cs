using System.Globalization;
using System.IO.Compression;

namespace Recommender.Cli.Importing;

/// <summary>The files of one import, plain or gzip, and how much of them has been read.</summary>
internal sealed class SourceFiles
{
    private readonly List<FileInfo> _files = [];
    private long _bytesRead;

    /// <param name="path">A folder that holds the expected files, or the one file itself where the source is a single file.</param>
    /// <param name="expected">Names of the files; each may be there with or without <c>.gz</c>.</param>
    public SourceFiles(string path, params IReadOnlyList<ExpectedFile> expected)
    {
        Path = path;
        if (File.Exists(path))
        {
            _files.Add(Alone(new FileInfo(path), expected));
            return;
        }
        if (!Directory.Exists(path)) throw new ImportException($"there is no file or folder {path}; check the path");
        foreach (ExpectedFile file in expected)
        {
            if (Locate(path, file.Name) is { } found) _files.Add(found);
            else if (file.Required)
                throw new ImportException($"the folder {path} has no {file.Name} or {file.Name}.gz; is it the folder of this source?");
        }
        if (_files.Count == 0)
            throw new ImportException($"the folder {path} has none of {string.Join(", ", expected.Select(file => file.Name))} (or .gz)");
    }

    public string Path { get; }

    public long TotalBytes => _files.Sum(file => file.Length);

    /// <summary>Bytes as they lie on disk, compressed or not; never above the total. May be read by another thread.</summary>
    public long BytesRead => Math.Min(Interlocked.Read(ref _bytesRead), TotalBytes);

    /// <summary>Changes when a file does: names, sizes and times of writing.</summary>
    public string Identity => string.Join('|', _files.Select(file =>
        string.Create(CultureInfo.InvariantCulture, $"{file.Name}:{file.Length}:{file.LastWriteTimeUtc.Ticks}")));

    /// <summary>The one file of a source that is a single file, or the first expected one of a folder.</summary>
    public string Single => _files[0].Name;

    public bool Has(string name) => Find(name) is not null;

    /// <summary>Opens a file for reading from its start; gzip is recognised by its first two bytes, whatever the name.</summary>
    public Stream Open(string name)
    {
        FileInfo file = Find(name) ?? throw new ImportException($"the folder {Path} has no {name} or {name}.gz");
        FileStream plain = file.OpenRead();
        int first = plain.ReadByte(), second = plain.ReadByte();
        plain.Position = 0;
        var counted = new CountedStream(plain, read => Interlocked.Add(ref _bytesRead, read));
        return (first, second) == (0x1f, 0x8b) ? new GZipStream(counted, CompressionMode.Decompress) : counted;
    }

    private FileInfo? Find(string name) =>
        _files.Find(file => file.Name == name || file.Name == name + ".gz");

    private static FileInfo Alone(FileInfo file, IReadOnlyList<ExpectedFile> expected)
    {
        bool known = expected.Count == 1 || expected.Any(one => file.Name == one.Name || file.Name == one.Name + ".gz");
        if (known && expected.Count(one => one.Required) <= 1) return file;
        throw new ImportException($"{file} is a file; name the folder that holds {string.Join(", ", expected.Select(one => one.Name))}");
    }

    private static FileInfo? Locate(string folder, string name)
    {
        string plain = System.IO.Path.Combine(folder, name);
        return File.Exists(plain) ? new FileInfo(plain) : File.Exists(plain + ".gz") ? new FileInfo(plain + ".gz") : null;
    }
}

/// <param name="What">What it holds, for the help text.</param>
internal sealed record ExpectedFile(string Name, string What, bool Required = true);
