using System.Collections.Concurrent;

namespace Recommender.Catalogue;

/// <summary>
/// Something worked out that may be worked out again. Which of many goes is decided by second chance, an approximation of least recently used:
/// every use marks, the search for one to evict takes the mark away.
/// </summary>
internal abstract class Kept
{
    private bool _used = true;

    // Written only when it changes anything, so that readers on many cores do not fight for the line.
    public void MarkUsed()
    {
        if (!_used) _used = true;
    }

    /// <summary>Makes room for one more. By one caller at a time.</summary>
    public static void MakeRoom<T>(ConcurrentDictionary<string, T> all, int most)
        where T : Kept
    {
        while (all.Count >= most && !all.IsEmpty) all.TryRemove(Oldest(all), out _);
    }

    private static string Oldest<T>(ConcurrentDictionary<string, T> all)
        where T : Kept
    {
        string? first = null;
        foreach ((string name, T kept) in all)
        {
            first ??= name;
            if (!kept._used) return name;
            kept._used = false;
        }
        return first!;
    }
}
