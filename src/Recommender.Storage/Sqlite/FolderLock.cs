using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Recommender.Storage.Sqlite;

/// <summary>
/// Keeps a folder to one process. The operating system holds the lock on <c>shop.lock</c> as long as the process lives, so that even kill -9
/// releases it; who holds it is written beside it, in <c>shop.holder.json</c>, because a locked file cannot be read.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _locked;
    private readonly string _holderFile;

    private FolderLock(FileStream locked, string holderFile)
    {
        _locked = locked;
        _holderFile = holderFile;
    }

    private sealed record Holder(int Process, string Command, string Host, DateTimeOffset Since);

    /// <exception cref="StoreInUseException">Somebody has it.</exception>
    public static FolderLock Take(string folder, TimeProvider time)
    {
        string lockFile = Path.Combine(folder, "shop.lock");
        string holderFile = Path.Combine(folder, "shop.holder.json");
        FileStream locked;
        try
        {
            locked = LockedFile.Open(lockFile);
        }
        catch (IOException taken) when (LockedFile.IsTaken(taken))
        {
            throw new StoreInUseException($"{folder} is used by {DescribeHolder(holderFile)}; stop it or give another --store folder.", taken);
        }
        try
        {
            var holder = new Holder(Environment.ProcessId, Command(), Environment.MachineName, time.GetUtcNow());
            // Replaced as a whole: a reader finds the former holder or this one, never half a line.
            File.WriteAllBytes(holderFile + ".new", JsonSerializer.SerializeToUtf8Bytes(holder));
            File.Move(holderFile + ".new", holderFile, overwrite: true);
            return new FolderLock(locked, holderFile);
        }
        catch (Exception)
        {
            locked.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        File.Delete(_holderFile);
        _locked.Dispose();
    }

    private static string DescribeHolder(string holderFile)
    {
        try
        {
            if (JsonSerializer.Deserialize<Holder>(File.ReadAllBytes(holderFile)) is { } holder)
            {
                string host = holder.Host == Environment.MachineName ? "" : $" on {holder.Host}";
                return string.Create(CultureInfo.InvariantCulture,
                    $"process {holder.Process} ({holder.Command}){host}, since {holder.Since:yyyy-MM-dd HH:mm:ss} UTC");
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or UnauthorizedAccessException)
        {
            return $"another process ({Path.GetFileName(holderFile)} does not say which: {unreadable.Message})";
        }
        return "another process";
    }

    // The program and its verb ("recommender serve"), no further arguments: those may hold secrets.
    private static string Command()
    {
        string program = Process.GetCurrentProcess().ProcessName;
        string[] arguments = Environment.GetCommandLineArgs();
        if (program == "dotnet") program = Path.GetFileNameWithoutExtension(arguments[0]);
        string? verb = arguments.Skip(1).FirstOrDefault();
        return verb is null || verb.StartsWith('-') || verb.Contains(Path.DirectorySeparatorChar) ? program : $"{program} {verb}";
    }
}
