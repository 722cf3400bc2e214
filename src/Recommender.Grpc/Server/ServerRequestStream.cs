using Grpc.Core;

namespace Recommender.Grpc.Server;

internal sealed class ServerRequestStream<T>(ServerCall call, Func<DeserializationContext, T> deserialize) : IAsyncStreamReader<T>
    where T : class
{
    private T? _current;

    public T Current => _current ?? throw new InvalidOperationException("There is no message: call MoveNext first.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var either = CallToken.Combine(call.CancellationToken, cancellationToken);
        _current = await call.Reader.ReadAsync(deserialize, either?.Token ?? call.CancellationToken).ConfigureAwait(false);
        return _current is not null;
    }
}
