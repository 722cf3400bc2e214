using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Recommender.Grpc.Wire;

namespace Recommender.Grpc.Client;

/// <summary>One call over one HTTP/2 request: what it sends and reads. How it ends is in HttpCallOutcome.cs.</summary>
internal sealed partial class HttpCall<TRequest, TResponse> : CallInProgress, IAsyncStreamReader<TResponse>
    where TRequest : class where TResponse : class
{
    private static readonly StreamPipeReaderOptions _readerOptions = new(bufferSize: 16384, minimumReadSize: 4096);

    private readonly GrpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly string? _host;
    private readonly CallOptions _options;
    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenRegistration _onCallerCancel;
    private readonly ITimer? _deadline;
    private readonly Lock _gate = new();
    private Task<HttpResponseMessage>? _sending;
    private HttpResponseMessage? _response;
    private ClientRequestStream<TRequest, TResponse>? _requests;
    private MessageReader? _reader;
    private TResponse? _current;

    public HttpCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        (_channel, _method, _host, _options) = (channel, method, host, options);
        RequestCompression = CallHeaders.WantsGzip(options.Headers) ? CompressionLevel.Fastest : null;
        _onCallerCancel = options.CancellationToken.UnsafeRegister(static call => ((HttpCall<TRequest, TResponse>)call!).Abort(), this);
        _deadline = StartDeadline();
    }

    public CompressionLevel? RequestCompression { get; }
    public int? MaxSendMessageSize => _channel.Options.MaxSendMessageSize;
    public CancellationToken Cancelled => _cancel.Token;
    public Action<TRequest, SerializationContext> Serialize => _method.RequestMarshaller.ContextualSerializer;
    public TResponse Current => _current ?? throw new InvalidOperationException("There is no message: call MoveNext first.");
    public override Task<Metadata> ResponseHeadersAsync => ReadHeadersAsync();

    public void Start(TRequest request) => _sending = SendAsync(new SingleRequest<TRequest, TResponse>(this, request));

    public ClientRequestStream<TRequest, TResponse> StartStream()
    {
        _requests = new ClientRequestStream<TRequest, TResponse>(this);
        _sending = SendAsync(_requests);
        return _requests;
    }

    /// <summary>Sees a call with a single response to its end.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong becomes the call's status.")]
    public async Task<TResponse> ReadSingleAsync()
    {
        try
        {
            var reader = await OpenAsync().ConfigureAwait(false);
            var response = await ReadAsync(reader).ConfigureAwait(false);
            if (response is not null && await ReadAsync(reader).ConfigureAwait(false) is not null)
                throw new RpcException(new Status(StatusCode.Internal, "The server sent a second message where only one belongs."));
            if (Finish().StatusCode != StatusCode.OK)
                throw Failure();
            return response ?? throw Failure(new Status(StatusCode.Internal, "The server said OK but sent no message."));
        }
        catch (Exception e) when (e is not RpcException || !IsFinished)
        {
            throw Failure(ToStatus(e));
        }
        finally
        {
            Close();
        }
    }

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(AsyncServerStreamingCall<TResponse>));
        if (IsFinished)
            return GetStatus().StatusCode == StatusCode.OK ? false : throw Failure();
        await using var registration = cancellationToken.UnsafeRegister(
            static call => ((HttpCall<TRequest, TResponse>)call!).Abort(), this);
        try
        {
            _current = await ReadAsync(_reader ?? await OpenAsync().ConfigureAwait(false)).ConfigureAwait(false);
            if (_current is not null)
                return true;
            if (Finish().StatusCode != StatusCode.OK)
                throw Failure();
            Close();
            return false;
        }
        catch (Exception e)
        {
            var failure = e is RpcException && IsFinished ? Failure() : Failure(ToStatus(e));
            Close();
            throw failure;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_channel.Address, _method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        await CallHeaders.AddAsync(request, _channel, _method, _host, _options, TimeLeft, _cancel.Token).ConfigureAwait(false);
        return _response = await _channel.Http.SendAsync(request, _cancel.Token).ConfigureAwait(false);
    }

    /// <summary>Waits for the response's headers; null if it carries no messages.</summary>
    private async ValueTask<MessageReader?> OpenAsync()
    {
        var response = await _sending!.ConfigureAwait(false);
        ResponseStatus.ThrowIfNotGrpc(response);
        if (ResponseStatus.IsIn(response.Headers))
            return null;
        var stream = await response.Content.ReadAsStreamAsync(_cancel.Token).ConfigureAwait(false);
        string? encoding = response.Headers.NonValidated.TryGetValues("grpc-encoding", out var values) ? values.ToString() : null;
        return _reader = new MessageReader(PipeReader.Create(stream, _readerOptions), _channel.Options.MaxReceiveMessageSize, encoding);
    }

    private ValueTask<TResponse?> ReadAsync(MessageReader? reader) => reader is null
        ? ValueTask.FromResult<TResponse?>(null)
        : reader.ReadAsync(_method.ResponseMarshaller.ContextualDeserializer, _cancel.Token);

    private async Task<Metadata> ReadHeadersAsync()
    {
        try
        {
            return ResponseStatus.ReadMetadata((await _sending!.ConfigureAwait(false)).Headers);
        }
        catch (Exception e) when (e is not RpcException || !IsFinished)
        {
            throw Failure(ToStatus(e));
        }
    }
}
