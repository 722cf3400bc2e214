using Recommender.Storage.Mongo;

namespace Recommender.Storage.Mongoc;

/// <summary>
/// The threads that make the calls of one kind, started as they are needed, each with a client of the lane's pool; and the calls that wait for them, in
/// their order.
/// </summary>
internal sealed class MongocLane(string name, int threads, MongoOptions options, Func<MongocPool> open)
{
    private readonly Lock _opening = new();
    private readonly object _gate = new();
    private readonly LinkedList<MongocCall> _waiting = [];
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _waitingBytes;
    private int _running;
    private int _idle;
    private bool _isClosed;
    private MongocPool? _pool;

    /// <summary>Hands a call to a thread, or lets it wait for one.</summary>
    /// <exception cref="MongoConnectionException">Too many wait.</exception>
    public LinkedListNode<MongocCall> Add(MongocCall call)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_waiting.Count >= options.MostWaiting || (_waiting.Count > 0 && _waitingBytes + call.Bytes > options.MostWaitingBytes))
                throw new MongoConnectionException($"{_waiting.Count} commands of {_waitingBytes} bytes wait for a connection", timedOut: false);
            var place = _waiting.AddLast(call);
            _waitingBytes += call.Bytes;
            if (_idle < _waiting.Count && _running < threads) Start();
            else Monitor.Pulse(_gate);
            return place;
        }
    }

    /// <summary>Forgets a call for which nobody waits any longer; one that is being made is left to its thread.</summary>
    public void GiveUp(LinkedListNode<MongocCall> place)
    {
        lock (_gate)
        {
            if (place.List is not null) Take(place);
        }
        place.Value.GiveUp();
    }

    /// <summary>Turns away what waits. The task ends when the last thread has left; one inside a call leaves after it.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var call in _waiting) call.Fail(new ObjectDisposedException(nameof(MongocTransport)));
            _waiting.Clear();
            _waitingBytes = 0;
            Monitor.PulseAll(_gate);
            if (_running == 0) _left.TrySetResult();
        }
        return _left.Task;
    }

    private void Start()
    {
        _running++;
        new Thread(Work) { IsBackground = true, Name = $"mongoc {name} {_running}" }.Start();
    }

    private void Work()
    {
        MongocClient? client = null;
        while (Next() is { } call)
        {
            try
            {
                client ??= Pool().Rent();
                call.Run(client);
            }
            // Not this thread's: whoever waits for the call is told. A function is missing where the library is older than any that is supported.
            catch (Exception problem) when (problem is MongoConnectionException or StoreException or ArgumentException or EntryPointNotFoundException or OutOfMemoryException)
            {
                call.Fail(problem);
            }
        }
        client?.Dispose();
        Leave();
    }

    private MongocCall? Next()
    {
        lock (_gate)
        {
            _idle++;
            while (_waiting.First is null && !_isClosed) Monitor.Wait(_gate);
            _idle--;
            return _waiting.First is { } first ? Take(first) : null;
        }
    }

    private MongocCall Take(LinkedListNode<MongocCall> place)
    {
        _waiting.Remove(place);
        _waitingBytes -= place.Value.Bytes;
        return place.Value;
    }

    /// <summary>Made by the first thread that needs it; looking up names takes time, and one that cannot be looked up now may be the next time.</summary>
    private MongocPool Pool()
    {
        lock (_opening) return _pool ??= open();
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_running > 0) return;
        }
        // Ends the sessions and waits for the threads that watch the servers: done here, where nobody waits for it.
        lock (_opening) _pool?.Dispose();
        _left.TrySetResult();
    }
}
