using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>How a channel connects. Set HttpHandler to trust a certificate or to ping idle connections.</summary>
public sealed class GrpcChannelOptions
{
    private const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    public HttpMessageHandler? HttpHandler { get; set; }
    public HttpClient? HttpClient { get; set; }

    /// <summary>True gives the handler or client to the channel, which disposes it.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>Must fit the address: Insecure to http, SecureSsl to https. May carry call credentials for every call.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>True sends call credentials over an unencrypted connection too, where anybody on the way can read them.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }

    /// <summary>The largest message taken, in bytes after decompression; null takes any.</summary>
    public int? MaxReceiveMessageSize { get; set; } = DefaultMaxReceiveMessageSize;

    /// <summary>The largest message sent, in bytes before compression; null sends any.</summary>
    public int? MaxSendMessageSize { get; set; }
}
