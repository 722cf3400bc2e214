namespace Grpc.Core;

/// <summary>What every shape of call offers besides its messages; a channel's call is one itself, so that no delegates are made.</summary>
internal abstract class CallInProgress : IDisposable
{
    public abstract Task<Metadata> ResponseHeadersAsync { get; }
    public abstract Status GetStatus();
    public abstract Metadata GetTrailers();
    public abstract void Dispose();
}

/// <summary>The same from parts, as interceptors and test doubles put calls together.</summary>
internal sealed class ComposedCall(
    Task<Metadata> responseHeaders, Func<Status> getStatus, Func<Metadata> getTrailers, Action dispose) : CallInProgress
{
    public override Task<Metadata> ResponseHeadersAsync => responseHeaders;
    public override Status GetStatus() => getStatus();
    public override Metadata GetTrailers() => getTrailers();
    public override void Dispose() => dispose();
}
