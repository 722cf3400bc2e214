namespace Recommender.Cli.Demo;

/// <summary>The demo shop's time: this machine's, ahead by what the story has skipped.</summary>
internal sealed class DemoClock : TimeProvider
{
    private TimeSpan _ahead;

    public void Skip(TimeSpan time) => _ahead += time;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;
}
