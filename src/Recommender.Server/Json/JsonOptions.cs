using System.ComponentModel.DataAnnotations;
using Grpc.Core;

namespace Recommender.Server.Json;

/// <summary>How the services behave as JSON over HTTP.</summary>
internal sealed record JsonOptions
{
    /// <summary>
    /// The largest message read, in bytes of JSON: a whole body, or one line of a stream. What is larger is answered with 413.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxMessageBytes { get; init; } = 4 << 20;

    /// <summary>
    /// Turns what a handler threw, and is no RpcException, into one: the same for JSON as for gRPC, where an interceptor does it.
    /// </summary>
    public required Func<Exception, RpcException> ToRpcException { get; init; }

    /// <summary>Asked before every call; it throws for a caller who may not make it.</summary>
    public required Action<ServerCallContext> Admit { get; init; }

    /// <summary>Stands in the description of the interface.</summary>
    public string Title { get; init; } = "Recommender";

    /// <summary>The version of the interface, not of the server.</summary>
    public string Version { get; init; } = "v1";
}
