using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Recommender.Storage;

namespace Recommender.Tests.Server;

/// <summary>
/// A real store as several shops see it: every call of a port is noted, it can be out of reach, and closing a shop leaves it open for the others.
/// </summary>
public sealed class ObservedStore
{
    private readonly ConcurrentQueue<string> _calls = new();

    public ObservedStore(IShopStore store) => Store = Observe<IShopStore>(store);

    public IShopStore Store { get; }

    /// <summary>What the shops are told: that others may have the store open.</summary>
    public bool IsShared { get; set; }

    /// <summary>Every call fails as if the network were cut.</summary>
    public bool OutOfReach { get; set; }

    /// <summary>Every call fails of what no store should.</summary>
    public bool Broken { get; set; }

    /// <summary>Until when the last events had to be recorded.</summary>
    public DateTimeOffset? AppendDeadline { get; private set; }

    /// <summary>The thread that asked for answers to be written down.</summary>
    public string? WritesAnswers { get; private set; }

    /// <summary>Reads since the last time it was asked, as <c>IEventLog.FindAsync</c>; what is written behind an answer is none.</summary>
    public IReadOnlyList<string> TakeReads()
    {
        var reads = new List<string>();
        while (_calls.TryDequeue(out string? call))
        {
            if (!call.Contains("Append", StringComparison.Ordinal) && !call.Contains("Forget", StringComparison.Ordinal) && !call.Contains("Save", StringComparison.Ordinal)) reads.Add(call);
        }
        return reads;
    }

    private T Observe<T>(T port) where T : class => (T)Observe(typeof(T), port);

    private object Observe(Type type, object port)
    {
        object proxy = typeof(DispatchProxy).GetMethod(nameof(DispatchProxy.Create), 2, [])!.MakeGenericMethod(type, typeof(Port)).Invoke(null, null)!;
        ((Port)proxy).Observe(this, type.Name, port);
        return proxy;
    }

    public class Port : DispatchProxy
    {
        private readonly ConcurrentDictionary<string, object> _ports = new(StringComparer.Ordinal);
        private ObservedStore _store = null!;
        private string _name = "";
        private object _port = null!;

        internal void Observe(ObservedStore store, string name, object port) => (_store, _name, _port) = (store, name, port);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IAsyncDisposable.DisposeAsync)) return ValueTask.CompletedTask;
            if (targetMethod.Name == "get_IsShared") return _store.IsShared;
            if (targetMethod.IsSpecialName) return _ports.GetOrAdd(targetMethod.Name, _ => _store.Observe(targetMethod.ReturnType, targetMethod.Invoke(_port, args)!));
            if (_store.OutOfReach) throw new StoreUnavailableException("no server answers", null);
            if (_store.Broken) throw new InvalidOperationException("nobody thought of this");
            _store._calls.Enqueue($"{_name}.{targetMethod.Name}");
            if (_name == nameof(IEventLog) && targetMethod.Name == nameof(IEventLog.AppendAsync)) _store.AppendDeadline = StoreDeadline.Current;
            if (_name == nameof(IRecommendationLog) && targetMethod.Name == nameof(IRecommendationLog.AppendAsync))
                _store.WritesAnswers = Thread.CurrentThread.Name;
            try { return targetMethod.Invoke(_port, args); }
            catch (TargetInvocationException thrown)
            {
                ExceptionDispatchInfo.Capture(thrown.InnerException!).Throw();
                throw;
            }
        }
    }
}
