namespace Recommender.Interop.Tests.Harness;

/// <summary>The machine's clock, ahead of itself by what tests move it on.</summary>
public sealed class MovableClock : TimeProvider
{
    private TimeSpan _ahead;

    public void Advance(TimeSpan time) => _ahead += time;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;
}
