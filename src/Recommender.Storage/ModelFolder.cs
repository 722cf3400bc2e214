using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Recommender.Interactions;
using Recommender.Models;

namespace Recommender.Storage;

/// <summary>
/// Trained models on disk, one folder each, named for the model's id. A folder appears whole or not at all: it is written under a
/// temporary name, flushed to disk, then renamed. The card is written last and holds the checksums of the other files.
/// </summary>
public sealed class ModelFolder
{
    private const string Unfinished = ".tmp-";

    /// <param name="root">The folder of all models; made when the first one is saved.</param>
    public ModelFolder(string root) => Root = root;

    public string Root { get; }

    /// <summary>Where a model of this id is or would be.</summary>
    public string PathOf(string modelId) => Path.Combine(Root, Named(modelId));

    /// <summary>Writes a model and returns its card, checksums included. On disk when it returns.</summary>
    /// <exception cref="IOException">The folder is there already, or the disk is full; nothing is left behind.</exception>
    public ModelCard Save(TrainedModel model, CancellationToken cancellation)
    {
        string target = PathOf(model.Card.Id);
        if (Directory.Exists(target)) throw new IOException($"The model folder '{target}' is there already.");
        string temporary = $"{target}{Unfinished}{Environment.ProcessId}";
        DurableDirectory.Make(Path.GetFullPath(temporary));
        try
        {
            var checksums = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            var pieces = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<uint>>(StringComparer.Ordinal);
            ModelFiles.Write(model, name =>
            {
                cancellation.ThrowIfCancellationRequested();
                return new DurableFile(Path.Combine(temporary, name), (checksum, ofPieces) => (checksums[name], pieces[name]) = (checksum, ofPieces));
            });
            ModelCard card = model.Card with { Format = ModelCard.CurrentFormat, Files = checksums.ToImmutable(), Pieces = pieces.ToImmutable() };
            using (var file = new DurableFile(Path.Combine(temporary, ModelFiles.Card), (_, _) => { })) file.Write(Encoding.UTF8.GetBytes(card.ToJson()));
            DurableDirectory.Flush(temporary);
            cancellation.ThrowIfCancellationRequested();
            Directory.Move(temporary, target);
            DurableDirectory.Flush(Root);
            return card;
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        }
    }

    /// <summary>Reads a model to serve from: its files are looked through and mapped, and the large ones are used where they are (<see cref="MappedFiles"/>).</summary>
    /// <param name="modelId">Which.</param>
    /// <param name="known">Items that somebody holds in memory already; their ids are not held twice.</param>
    /// <exception cref="InvalidModelException">A file is missing, corrupt, foreign or cannot be read.</exception>
    public TrainedModel Load(string modelId, Vocabulary? known = null)
    {
        var files = new MappedFiles();
        try
        {
            ModelCard card = ReadCard(modelId);
            if (card.Id != modelId) throw new InvalidModelException($"The folder '{PathOf(modelId)}' holds the model '{card.Id}'.");
            foreach (string needed in ModelFiles.ToServe(card))
            {
                if (!card.Files.TryGetValue(needed, out string? checksum))
                    throw new InvalidModelException($"The card of model '{modelId}' has no checksum for '{needed}'.");
                using FileStream file = Open(modelId, needed);
                files.Add(needed, file);
                // Cards of an earlier format have no checks of pieces; and it is the SHA-256 that a file is known by.
                if (!card.Pieces.TryGetValue(needed, out var pieces) || !files.Hold(needed, file, pieces))
                    RequireChecksum(modelId, needed, checksum);
            }
            return ModelFiles.Read(card, files.Open, known);
        }
        catch (InvalidModelException e)
        {
            files.Release();
            if (e.Message.Contains($"'{modelId}'", StringComparison.Ordinal)) throw;
            throw new InvalidModelException($"Model '{modelId}': {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            files.Release();
            throw new InvalidModelException($"The files of model '{modelId}' at '{PathOf(modelId)}' cannot be read: {e.Message.TrimEnd('.')}. "
                + "See whether the disk is sound and this user may read them, or bring the folder back from a backup.", e);
        }
    }

    /// <exception cref="InvalidModelException">There is no such model, or its card cannot be read.</exception>
    public ModelCard ReadCard(string modelId)
    {
        using Stream stream = Open(modelId, ModelFiles.Card);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return ModelCard.Parse(bytes.ToArray());
    }

    /// <summary>Writes a model's files, as they are, into a new folder. On disk when it returns.</summary>
    /// <exception cref="InvalidModelException">A file is missing or damaged.</exception>
    /// <exception cref="IOException">The folder is there already, or the disk is full; nothing is left behind.</exception>
    public void CopyOut(string modelId, string target, CancellationToken cancellation)
    {
        ModelCard card = ReadCard(modelId);
        target = Path.GetFullPath(target);
        if (Directory.Exists(target)) throw new IOException($"'{target}' is there already.");
        DurableDirectory.Make(target);
        try
        {
            foreach ((string name, string checksum) in card.Files) Copy(modelId, name, target, checksum, cancellation);
            // The card last: a folder without one is no model.
            Copy(modelId, ModelFiles.Card, target, checksum: null, cancellation);
            DurableDirectory.Flush(target);
        }
        catch
        {
            Directory.Delete(target, recursive: true);
            throw;
        }
    }

    /// <summary>Takes a model in whose files are in another folder; one that is here already stays as it is. On disk when it returns.</summary>
    /// <exception cref="InvalidModelException">The files are no model, or damaged.</exception>
    public void CopyIn(string source, CancellationToken cancellation)
    {
        source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(source));
        var from = new ModelFolder(Path.GetDirectoryName(source)!);
        string name = Path.GetFileName(source);
        string target = PathOf(from.ReadCard(name).Id);
        if (Directory.Exists(target)) return;
        string temporary = $"{target}{Unfinished}{Environment.ProcessId}";
        if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        from.CopyOut(name, temporary, cancellation);
        Directory.Move(temporary, target);
        DurableDirectory.Flush(Root);
    }

    /// <summary>Ids of the models that are there, newest first.</summary>
    public IReadOnlyList<string> List() => !Directory.Exists(Root)
        ? []
        : [.. Directory.EnumerateDirectories(Root).Select(path => Path.GetFileName(path)!)
            .Where(name => !name.Contains(Unfinished, StringComparison.Ordinal) && File.Exists(Path.Combine(Root, name, ModelFiles.Card)))
            .OrderDescending(StringComparer.Ordinal)];

    /// <summary>Removes what a killed training left. Only for the one process that owns the folder.</summary>
    public void RemoveUnfinished()
    {
        if (!Directory.Exists(Root)) return;
        foreach (string left in Directory.EnumerateDirectories(Root, $"*{Unfinished}*")) Directory.Delete(left, recursive: true);
    }

    private void Copy(string modelId, string name, string target, string? checksum, CancellationToken cancellation)
    {
        string written = "";
        using (Stream source = Open(modelId, Named(name)))
        using (var file = new DurableFile(Path.Combine(target, name), (hash, _) => written = hash))
        {
            byte[] buffer = new byte[1 << 20];
            while (source.Read(buffer) is > 0 and int read)
            {
                cancellation.ThrowIfCancellationRequested();
                file.Write(buffer.AsSpan(0, read));
            }
        }
        if (checksum is not null && written != checksum) throw Changed(modelId, name, written, checksum);
    }

    private void RequireChecksum(string modelId, string name, string expected)
    {
        using Stream stream = Open(modelId, Named(name));
        string actual = Convert.ToHexStringLower(SHA256.HashData(stream));
        if (actual != expected) throw Changed(modelId, name, actual, expected);
    }

    private static InvalidModelException Changed(string modelId, string name, string actual, string expected) =>
        new($"'{name}' of model '{modelId}' has the SHA-256 {actual}, its card says {expected}: the file was changed or damaged.");

    private FileStream Open(string modelId, string name)
    {
        string path = Path.Combine(PathOf(modelId), name);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidModelException($"There is no '{name}' of model '{modelId}' at '{path}'.", e);
        }
    }

    // An id or a file name out of a card must not lead out of the folder.
    private static string Named(string name) => name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0
        ? name
        : throw new InvalidModelException($"'{name}' is no name of a model or of its file.");

    /// <summary>A new file that is hashed as it is written and flushed to disk when it closes.</summary>
    private sealed class DurableFile(string path, Action<string, ImmutableArray<uint>> closed) : Stream
    {
        private readonly FileStream _file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly PieceChecks _pieces = new();
        private bool _open = true;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _file.Length;

        public override long Position
        {
            get => _file.Position;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _hash.AppendData(buffer);
            _pieces.Append(buffer);
            _file.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => _file.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing && _open)
            {
                _open = false;
                _file.Flush(flushToDisk: true);
                _file.Dispose();
                closed(Convert.ToHexStringLower(_hash.GetHashAndReset()), _pieces.Finish());
                _hash.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
