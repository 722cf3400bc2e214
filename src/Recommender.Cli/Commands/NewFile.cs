namespace Recommender.Cli.Commands;

/// <summary>A file that appears whole or not at all.</summary>
internal static class NewFile
{
    /// <exception cref="IOException">It is there already, or there is no room; nothing is left behind.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = $"{path}.tmp-{Environment.ProcessId}";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: false);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
