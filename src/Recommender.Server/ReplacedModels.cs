namespace Recommender.Server;

/// <summary>
/// Models that were replaced, until nobody uses them any more. Most of a model is mapped files and memory that the collector of garbage
/// does not count, so it might not look for them before many swaps; here it is asked to. It looks beside requests, which wait some
/// milliseconds.
/// </summary>
internal sealed class ReplacedModels : IDisposable
{
    /// <summary>
    /// By then nearly all requests that had begun before a swap are answered. A batch may take longer: as long as its client reads.
    /// </summary>
    public static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(3);

    /// <summary>From one look to the next, while a model is still there.</summary>
    public static readonly TimeSpan NextLook = TimeSpan.FromSeconds(30);

    /// <summary>What is used for longer after the last swap is left to collections that happen anyway.</summary>
    public const int MostLooks = 10;

    private readonly Lock _gate = new();
    private readonly List<WeakReference> _models = [];
    private readonly ITimer _timer;
    private int _looks;
    private bool _soon;

    public ReplacedModels(TimeProvider time) =>
        _timer = time.CreateTimer(static self => ((ReplacedModels)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Does not hold the model itself.</summary>
    public void Add(object model)
    {
        lock (_gate)
        {
            _models.Add(new WeakReference(model));
            _looks = 0;
            // A first look that is due already comes when it is due: swaps in a row do not put it off for ever.
            if (_soon) return;
            _soon = true;
            _timer.Change(FirstLook, Timeout.InfiniteTimeSpan);
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            _soon = false;
            _models.RemoveAll(model => !model.IsAlive);
            if (_looks == MostLooks) _models.Clear();
            if (_models.Count == 0) return;
            _looks++;
            // Whether it finds them unused shows at the next look.
            _timer.Change(NextLook, Timeout.InfiniteTimeSpan);
        }
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Default, blocking: false);
    }

    /// <summary>A model added later is not looked for: a timer that is disposed does not start again.</summary>
    public void Dispose() => _timer.Dispose();
}
