using System.Security.Cryptography;
using System.Text;
using Recommender.Models;

namespace Recommender.Storage;

/// <summary>
/// How far a training has come, in one file of a folder: a mark, the key, the SHA-256 of what follows, and that. It is written under another
/// name, flushed and renamed, so there is always a whole one. One that is damaged or of another training is left alone until it is replaced.
/// A folder serves one training at a time: a second one keeps none, and says so.
/// </summary>
public sealed class TrainingCheckpoint : ISweepCheckpoint, IDisposable
{
    private const string FileName = "training.checkpoint";
    private const string UnfinishedName = $"{FileName}.tmp";

    private static readonly byte[] _mark = "recommender sweep 1\n"u8.ToArray();

    private readonly Action<string> _note;
    private FileStream? _lock;

    /// <param name="folder">Made when a training begins.</param>
    /// <param name="note">Shows something to whoever started the training.</param>
    public TrainingCheckpoint(string folder, Action<string> note) => (Folder, _note) = (System.IO.Path.GetFullPath(folder), note);

    public string Folder { get; }

    private string Path => System.IO.Path.Combine(Folder, FileName);

    /// <summary>
    /// Removes what interrupted trainings left in a folder, half-written or whole: it holds what was learned of people, each by themselves,
    /// who may have asked to be forgotten.
    /// </summary>
    public static void Forget(string folder)
    {
        foreach (string name in (string[])[FileName, UnfinishedName])
        {
            string path = System.IO.Path.Combine(folder, name);
            if (!File.Exists(path)) continue;
            File.Delete(path);
            DurableDirectory.Flush(folder);
        }
    }

    /// <inheritdoc/>
    public Stream? Open(string key)
    {
        if (!TryLock()) return null;
        FileStream file;
        try
        {
            file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        if (WhyIgnored(file, key) is not { } why) return file;
        file.Dispose();
        _note($"the checkpoint '{Path}' is ignored: {why}");
        return null;
    }

    /// <inheritdoc/>
    public void Save(string key, Action<Stream> write)
    {
        if (_lock is null) return;
        string temporary = System.IO.Path.Combine(Folder, UnfinishedName);
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 20))
        {
            file.Write(_mark);
            file.Write(KeyBytes(key));
            long hashAt = file.Position;
            file.Write(new byte[SHA256.HashSizeInBytes]);
            long start = file.Position;
            write(file);
            file.Position = start;
            byte[] hash = SHA256.HashData(file);
            file.Position = hashAt;
            file.Write(hash);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, Path, overwrite: true);
        DurableDirectory.Flush(Folder);
    }

    /// <inheritdoc/>
    public void Remove()
    {
        if (_lock is not null) Forget(Folder);
    }

    /// <inheritdoc/>
    public void Note(string note) => _note(note);

    /// <summary>Leaves the folder to the next training; what was saved stays.</summary>
    public void Dispose() => _lock?.Dispose();

    // The lock's file stays: were it removed, somebody could hold a file that is gone while the next one makes another.
    private bool TryLock()
    {
        if (_lock is not null) return true;
        DurableDirectory.Make(Folder);
        try
        {
            _lock = LockedFile.Open($"{Path}.lock");
            return true;
        }
        catch (IOException taken) when (LockedFile.IsTaken(taken))
        {
            _note($"another training keeps its checkpoint in '{Folder}': this one keeps none and, if it is stopped, starts anew; to keep one give another --checkpoint folder");
            return false;
        }
    }

    // Leaves a usable file where what was kept begins.
    private static string? WhyIgnored(FileStream file, string key)
    {
        byte[] expected = KeyBytes(key), mark = new byte[_mark.Length], found = new byte[expected.Length], hash = new byte[SHA256.HashSizeInBytes];
        if (file.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false) < mark.Length || !mark.AsSpan().SequenceEqual(_mark)) return "it is none of this version";
        if (file.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) < found.Length) return "it is cut off";
        if (!found.AsSpan().SequenceEqual(expected)) return "it is of other data, another recipe or seed, or another kind of processor; this training starts anew";
        if (file.ReadAtLeast(hash, hash.Length, throwOnEndOfStream: false) < hash.Length) return "it is cut off";
        long start = file.Position;
        if (!SHA256.HashData(file).AsSpan().SequenceEqual(hash)) return "it is damaged; this training starts anew";
        file.Position = start;
        return null;
    }

    // Keys may have any length, their hashes have one.
    private static byte[] KeyBytes(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
