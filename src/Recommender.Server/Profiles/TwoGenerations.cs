using System.Collections.Concurrent;

namespace Recommender.Server.Profiles;

/// <summary>
/// A bounded memory of people: who is asked for moves to the young generation, and when that is full the old one is forgotten. What is
/// forgotten while it is being read is read into something that nobody holds any more. Whoever is only passing is in neither generation.
/// </summary>
internal sealed class TwoGenerations<TKey, TValue>(int most)
    where TKey : notnull
    where TValue : class, new()
{
    private readonly Lock _turning = new();

    // Apart, so that threads of low priority, which may lose their core at any moment, do not hold the lock that everybody else needs.
    private readonly ConcurrentDictionary<TKey, TValue> _passing = new();
    private volatile ConcurrentDictionary<TKey, TValue> _young = new();
    private volatile ConcurrentDictionary<TKey, TValue> _old = new();
    private volatile int _turns;
    private int _youngCount; // beside the dictionary, whose own takes all of its locks

    /// <summary>What is held under the key, from now on in the young generation; a new one where nothing is.</summary>
    public TValue Hold(TKey key)
    {
        if (_young.TryGetValue(key, out var held) || _passing.TryGetValue(key, out held)) return held;
        lock (_turning)
        {
            if (_young.TryGetValue(key, out held)) return held;
            if (_youngCount >= most / 2) Turn();
            held = _old.TryGetValue(key, out var old) ? old : new TValue();
            _young[key] = held;
            _youngCount++;
            return held;
        }
    }

    /// <summary>Whoever is not held is until they have passed, without displacing anybody or waiting for anybody.</summary>
    public void Pass(TKey key)
    {
        if (!_young.ContainsKey(key) && !_old.ContainsKey(key)) _passing.TryAdd(key, new TValue());
    }

    public void HasPassed(TKey key) => _passing.TryRemove(key, out _);

    /// <summary>What is held, without holding it any longer for that.</summary>
    public TValue? Find(TKey key)
    {
        int turns = _turns;
        if (_young.TryGetValue(key, out var held) || _old.TryGetValue(key, out held) || _passing.TryGetValue(key, out held)) return held;
        // A miss is believed only where no generation turned meanwhile: otherwise something on its way to the young one would be missed.
        if (_turns == turns) return null;
        lock (_turning) return _young.TryGetValue(key, out held) || _old.TryGetValue(key, out held) ? held : null;
    }

    public void Forget(TKey key)
    {
        _passing.TryRemove(key, out _);
        lock (_turning)
        {
            Remove(key);
        }
    }

    /// <summary>Forgets all for whom it holds. Looks at everybody held.</summary>
    public void Forget(Func<TKey, bool> which)
    {
        lock (_turning)
        {
            foreach (var generation in (ConcurrentDictionary<TKey, TValue>[])[_young, _old, _passing])
            {
                foreach (var (key, _) in generation.Where(one => which(one.Key)))
                {
                    _passing.TryRemove(key, out _);
                    Remove(key);
                }
            }
        }
    }

    public void Clear()
    {
        _passing.Clear();
        lock (_turning) (_old, _young, _youngCount, _turns) = (new(), new(), 0, _turns + 1);
    }

    private void Turn() => (_old, _young, _youngCount, _turns) = (_young, new(), 0, _turns + 1);

    private void Remove(TKey key)
    {
        if (_young.TryRemove(key, out _)) _youngCount--;
        _old.TryRemove(key, out _);
    }
}
