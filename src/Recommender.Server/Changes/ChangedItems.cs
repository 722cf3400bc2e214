namespace Recommender.Server.Changes;

/// <summary>Items that changed elsewhere and are not read yet; beyond some, the whole catalogue is read in their place.</summary>
internal sealed class ChangedItems(TimeProvider time)
{
    // Reading some hundred one by one takes as long as some tens of thousands in pages.
    private const int MostOneByOne = 256;

    // Whoever writes items waits while all are read: while a catalogue is imported, a fifth of the time.
    private const int RestingTimes = 4;

    private readonly Lock _gate = new();
    private HashSet<string> _waiting = new(StringComparer.Ordinal);
    private bool _all;

    /// <param name="itemId">Null: any may have changed.</param>
    public void Add(string? itemId)
    {
        lock (_gate)
        {
            if (itemId is null || _waiting.Count >= MostOneByOne) _all = true;
            else _waiting.Add(itemId);
        }
    }

    public async Task ReadAsync(LiveModel live, CancellationToken cancellation)
    {
        HashSet<string> changed;
        bool all;
        lock (_gate)
        {
            (changed, all) = (_waiting, _all);
            (_waiting, _all) = (new(StringComparer.Ordinal), false);
        }
        try
        {
            if (!all && await live.TryRefreshAsync(changed, cancellation)) return;
            long begun = time.GetTimestamp();
            await live.ReloadAsync(cancellation);
            await Task.Delay(time.GetElapsedTime(begun) * RestingTimes, time, cancellation);
        }
        catch
        {
            lock (_gate)
            {
                _waiting.UnionWith(changed);
                _all |= all;
            }
            throw;
        }
    }
}
