using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Recommender.Server.Json;

/// <summary>A stream of requests: one message a line.</summary>
internal sealed class JsonRequestStream<T>(
    JsonBody body, MessageDescriptor descriptor, CancellationToken callCancellation) : IAsyncStreamReader<T>
    where T : class
{
    private T? _current;

    public T Current => _current ?? throw new InvalidOperationException("There is no message before MoveNext or after the last one.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(callCancellation, cancellationToken);
        byte[]? line = await body.ReadLineAsync(either.Token);
        _current = line is null ? null : (T)JsonText.Read(line, descriptor, body.Line);
        return _current is not null;
    }
}

/// <summary>A stream of answers: one message a line, sent at once. A write waits until the client has room for it.</summary>
internal sealed class JsonResponseStream<T>(HttpResponse response, CancellationToken callCancellation) : IServerStreamWriter<T>
    where T : class
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(callCancellation, cancellationToken);
        if (!response.HasStarted) response.ContentType = JsonText.LinesContentType;
        await response.Body.WriteAsync(JsonText.Write((IMessage)message, endLine: true), either.Token);
        await response.Body.FlushAsync(either.Token);
    }
}
