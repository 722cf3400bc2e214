using System.Runtime.CompilerServices;

namespace Grpc.Core;

public sealed class AsyncUnaryCall<TResponse> : IDisposable
{
    private readonly CallInProgress _call;

    public AsyncUnaryCall(
        Task<TResponse> responseAsync,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
        : this(responseAsync, new ComposedCall(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction)) { }

    internal AsyncUnaryCall(Task<TResponse> response, CallInProgress call) => (ResponseAsync, _call) = (response, call);

    public Task<TResponse> ResponseAsync { get; }
    public Task<Metadata> ResponseHeadersAsync => _call.ResponseHeadersAsync;
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) =>
        ResponseAsync.ConfigureAwait(continueOnCapturedContext);
    public Status GetStatus() => _call.GetStatus();
    public Metadata GetTrailers() => _call.GetTrailers();
    public void Dispose() => _call.Dispose();
}
