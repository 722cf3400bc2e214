using System.Net;
using Recommender.Grpc.Wire;

namespace Recommender.Grpc.Client;

/// <summary>The content of a request with one message.</summary>
internal sealed class SingleRequest<TRequest, TResponse>(HttpCall<TRequest, TResponse> call, TRequest message) : HttpContent
    where TRequest : class where TResponse : class
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, call.Cancelled);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var buffer = new PooledBuffer();
        new MessageWriter(buffer, call.MaxSendMessageSize).Write(message, call.Serialize, call.RequestCompression);
        await stream.WriteAsync(buffer.Written, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
