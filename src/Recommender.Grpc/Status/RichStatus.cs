using Google.Protobuf;
using Grpc.Core;

// Not a namespace of its own: one called Status would hide Grpc.Core.Status from everything under Recommender.Grpc.
namespace Recommender.Grpc;

/// <summary>google.rpc.Status in the trailer grpc-status-details-bin, where every gRPC library looks for an error's details.</summary>
public static class RichStatus
{
    public const string TrailerKey = "grpc-status-details-bin";

    /// <summary>The exception by which a handler answers with the status and its details.</summary>
    public static RpcException ToRpcException(this Google.Rpc.Status status)
    {
        ArgumentNullException.ThrowIfNull(status);
        var trailers = new Metadata { { TrailerKey, status.ToByteArray() } };
        return new RpcException(new Status((StatusCode)status.Code, status.Message), trailers);
    }

    /// <returns>The status with its details that a call failed with, or null if the server sent none or bytes that are none.</returns>
    public static Google.Rpc.Status? GetRichStatus(this RpcException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception.Trailers.GetValueBytes(TrailerKey) is not { } bytes)
            return null;
        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            // The trailer is another machine's text about an error: the error itself must not be lost over it.
            return null;
        }
    }

    /// <returns>The first detail of the type, or null if there is none.</returns>
    public static T? GetDetail<T>(this Google.Rpc.Status status) where T : class, IMessage<T>, new()
    {
        ArgumentNullException.ThrowIfNull(status);
        foreach (var detail in status.Details)
            if (detail.TryUnpack<T>(out var found))
                return found;
        return null;
    }

    /// <returns>The first detail of the type that a call failed with, or null if there is none.</returns>
    public static T? GetDetail<T>(this RpcException exception) where T : class, IMessage<T>, new() =>
        exception.GetRichStatus()?.GetDetail<T>();
}
