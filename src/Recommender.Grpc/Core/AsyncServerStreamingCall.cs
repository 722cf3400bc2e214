namespace Grpc.Core;

public sealed class AsyncServerStreamingCall<TResponse> : IDisposable
{
    private readonly CallInProgress _call;

    public AsyncServerStreamingCall(
        IAsyncStreamReader<TResponse> responseStream,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
        : this(responseStream, new ComposedCall(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction)) { }

    internal AsyncServerStreamingCall(IAsyncStreamReader<TResponse> responseStream, CallInProgress call) =>
        (ResponseStream, _call) = (responseStream, call);

    public IAsyncStreamReader<TResponse> ResponseStream { get; }
    public Task<Metadata> ResponseHeadersAsync => _call.ResponseHeadersAsync;
    public Status GetStatus() => _call.GetStatus();
    public Metadata GetTrailers() => _call.GetTrailers();
    public void Dispose() => _call.Dispose();
}
