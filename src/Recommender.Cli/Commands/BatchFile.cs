using System.Text.Json;
using Recommender.Cli.Terminal;
using Recommender.Storage;

namespace Recommender.Cli.Commands;

/// <summary>
/// A file that takes long to write and may be broken off at any moment, by kill -9 too. Until it is whole it is called FILE.part, and FILE.state beside it
/// says how much of it counts and where to go on; what was written behind that is cut off when it is taken up again.
/// </summary>
internal sealed class BatchFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _part;

    private BatchFile(string path, FileStream part, BatchState state) => (_path, _part, State) = (path, part, state);

    /// <summary>How far the file has come.</summary>
    public BatchState State { get; private set; }

    /// <summary>How many bytes it has now.</summary>
    public long Length => _part.Position;

    /// <summary>Whether it is there and nothing is missing from it.</summary>
    public static bool IsWhole(string path) => File.Exists(path) && !File.Exists(PartOf(path));

    /// <summary>Whether anything of it counts; it is deleted otherwise when it is closed.</summary>
    public bool IsKept => State is not { Token: "", Bytes: 0 };

    /// <param name="request">What is asked for: a file goes on only with the same.</param>
    /// <param name="resume">Whether an unfinished file goes on; it is refused otherwise.</param>
    /// <exception cref="InputException">A file is there that this would destroy, or mix with something else.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static BatchFile Open(string path, string request, bool resume)
    {
        if (File.Exists(path)) throw new InputException($"{path} is there already; name another file, or delete it");
        bool begun = File.Exists(PartOf(path));
        if (begun && !resume) throw new InputException($"{PartOf(path)} is of a run that did not end: go on with --resume, or delete it to begin anew");
        var state = begun && File.Exists(StateOf(path)) ? Read(path) : BatchState.Start(request);
        if (state.Request != request)
            throw new InputException($"{PartOf(path)} was begun with other options: go on with the same, or delete it to begin anew");
        // Of a run that ended, or whose part was deleted: it would be taken for this one's.
        if (!begun && File.Exists(StateOf(path))) File.Delete(StateOf(path));
        var part = new FileStream(PartOf(path), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            if (part.Length < state.Bytes)
                throw new InputException($"{PartOf(path)} has {part.Length:N0} bytes and had {state.Bytes:N0}: something else has written to it; delete it to begin anew");
            if (part.Length > state.Bytes) part.SetLength(state.Bytes);
            part.Seek(state.Bytes, SeekOrigin.Begin);
            return new BatchFile(path, part, state);
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>Writes through: nothing is left for the end, where a full disk would hide what went wrong before.</summary>
    public void Write(ReadOnlySpan<byte> lines) => _part.Write(lines);

    /// <summary>What was written so far counts from here on, whatever happens.</summary>
    public void Keep(BatchState state)
    {
        // The lines before what speaks of them.
        _part.Flush(flushToDisk: true);
        State = state with { Bytes = _part.Position };
        string next = StateOf(_path) + ".new";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, State, JsonSerializerOptions.Web);
            file.Flush(flushToDisk: true);
        }
        File.Move(next, StateOf(_path), overwrite: true);
    }

    /// <summary>The file is whole and takes its name.</summary>
    public void Finish(BatchState state)
    {
        Keep(state);
        _part.Dispose();
        File.Move(PartOf(_path), _path, overwrite: false);
        // Before what says how to go on is gone.
        DurableDirectory.Flush(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        File.Delete(StateOf(_path));
    }

    public void Dispose()
    {
        _part.Dispose();
        // Refused before anything came of it: not in the way of the next try.
        if (!IsKept) File.Delete(PartOf(_path));
    }

    private static BatchState Read(string path)
    {
        try { return JsonSerializer.Deserialize<BatchState>(File.ReadAllBytes(StateOf(path)), JsonSerializerOptions.Web)!; }
        catch (JsonException problem) { throw new InputException($"{StateOf(path)} cannot be read ({problem.Message}); delete {PartOf(path)} to begin anew"); }
    }

    private static string PartOf(string path) => path + ".part";

    private static string StateOf(string path) => path + ".state";
}

/// <summary>How far a file has come.</summary>
/// <param name="Request">A hash of what was asked for.</param>
/// <param name="Token">From where to go on; empty: from the first.</param>
/// <param name="Bytes">As much of the file counts.</param>
/// <param name="People">Who are in it.</param>
/// <param name="Silent">Of those done: not to be addressed, by cause.</param>
internal sealed record BatchState(string Request, string Token, long Bytes, long Done, long People, long Items, SortedDictionary<string, long> Silent)
{
    public static BatchState Start(string request) => new(request, "", 0, 0, 0, 0, new(StringComparer.Ordinal));
}
