namespace Recommender.Tests.Server;

/// <summary>A clock whose timers go off when a test says so.</summary>
internal sealed class HandClock : TimeProvider
{
    public List<HandTimer> Timers { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(() => callback(state));
        timer.Change(dueTime, period);
        Timers.Add(timer);
        return timer;
    }

    internal sealed class HandTimer(Action callback) : ITimer
    {
        private bool _disposed;

        /// <summary>Null while it does not run.</summary>
        public TimeSpan? Due { get; set; }

        public void Fire()
        {
            Assert.NotNull(Due);
            Due = null;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed) return false;
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : dueTime;
            return true;
        }

        public void Dispose() => End();

        public ValueTask DisposeAsync()
        {
            End();
            return ValueTask.CompletedTask;
        }

        private void End()
        {
            _disposed = true;
            Due = null;
        }
    }
}
