using System.IO.Compression;
using Recommender.Grpc.Wire;

namespace Grpc.AspNetCore.Server;

/// <summary>How services are served; the generic form overrides the general one for a single service.</summary>
public class GrpcServiceOptions
{
    private const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    /// <summary>The largest message taken, in bytes after decompression; null takes any. A larger one ends its call.</summary>
    public int? MaxReceiveMessageSize
    {
        get;
        set
        {
            field = value;
            MaxReceiveMessageSizeIsSet = true;
        }
    } = DefaultMaxReceiveMessageSize;

    /// <summary>The largest message sent, in bytes before compression; null sends any.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>True tells callers what a handler's unexpected exception says. For development: it may say secrets.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>"gzip" compresses the responses to callers that accept it.</summary>
    public string? ResponseCompressionAlgorithm
    {
        get;
        set => field = value is null or Gzip.Name
            ? value
            : throw new ArgumentException($"Compression '{value}' is not supported; '{Gzip.Name}' is.", nameof(value));
    }

    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>True leaves calls of unknown services and methods to other endpoints instead of answering Unimplemented.</summary>
    public bool? IgnoreUnknownServices { get; set; }

    /// <summary>The first is the outermost.</summary>
    public InterceptorCollection Interceptors { get; } = [];

    internal bool MaxReceiveMessageSizeIsSet { get; private set; }

    internal static GrpcServiceOptions Merge(GrpcServiceOptions general, GrpcServiceOptions own)
    {
        var merged = new GrpcServiceOptions
        {
            MaxReceiveMessageSize = own.MaxReceiveMessageSizeIsSet ? own.MaxReceiveMessageSize : general.MaxReceiveMessageSize,
            MaxSendMessageSize = own.MaxSendMessageSize ?? general.MaxSendMessageSize,
            EnableDetailedErrors = own.EnableDetailedErrors ?? general.EnableDetailedErrors,
            ResponseCompressionAlgorithm = own.ResponseCompressionAlgorithm ?? general.ResponseCompressionAlgorithm,
            ResponseCompressionLevel = own.ResponseCompressionLevel ?? general.ResponseCompressionLevel,
        };
        foreach (var registration in general.Interceptors.Concat(own.Interceptors))
            merged.Interceptors.Add(registration);
        return merged;
    }
}

public class GrpcServiceOptions<TService> : GrpcServiceOptions where TService : class;
