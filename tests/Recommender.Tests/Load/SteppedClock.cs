namespace Recommender.Tests.Load;

/// <summary>A clock that stands still until somebody rests or works.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void Pass(TimeSpan length) => _ticks += length.Ticks;
}
