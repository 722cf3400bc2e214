using System.Collections.Concurrent;
using Recommender.Threading;

namespace Recommender.Catalogue;

/// <summary>
/// Work that is done by one while whoever else wants the same waits; other work does not wait. Nor does a request wait for work that yields its core
/// to everybody: it does the same as well.
/// </summary>
internal sealed class Turns
{
    private readonly ConcurrentDictionary<(string What, bool Yielding), Lock> _taken = new();

    public T Take<T>(string what, Func<T> work)
    {
        var workers = (what, Cores.Yielding);
        Lock own = _taken.GetOrAdd(workers, static _ => new Lock());
        try
        {
            lock (own) return work();
        }
        // Who comes after this makes a lock of their own, and finds what was made, or makes it as well: twice is dear and not wrong.
        finally { _taken.TryRemove(KeyValuePair.Create(workers, own)); }
    }
}
