namespace Recommender.Storage;

/// <summary>
/// Until when whoever asks a store waits for its answer. It goes with the call through everything it awaits, so that no method between the
/// network and the engine has to hand it on; an engine across a network turns it into a limit of its own.
/// </summary>
public static class StoreDeadline
{
    private static readonly AsyncLocal<DateTimeOffset?> _current = new();

    /// <summary>Null where nobody waits: work behind answers, and commands.</summary>
    public static DateTimeOffset? Current => _current.Value;

    /// <summary>The deadline of everything that is begun until this is disposed; null frees it of the present one.</summary>
    public static Scope Use(DateTimeOffset? deadline)
    {
        DateTimeOffset? before = _current.Value;
        _current.Value = deadline;
        return new Scope(before);
    }

    /// <summary>Gives back the deadline there was before.</summary>
    public readonly struct Scope : IDisposable
    {
        private readonly DateTimeOffset? _before;

        internal Scope(DateTimeOffset? before) => _before = before;

        public void Dispose() => _current.Value = _before;
    }
}
