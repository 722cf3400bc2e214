namespace Grpc.Core;

/// <summary>A call that ended with a status other than OK. Thrown by a handler, it becomes the call's status and trailers.</summary>
public class RpcException(Status status, Metadata trailers, string message) : Exception(message, status.DebugException)
{
    public RpcException(Status status) : this(status, Metadata.Empty, status.ToString()) { }
    public RpcException(Status status, string message) : this(status, Metadata.Empty, message) { }
    public RpcException(Status status, Metadata trailers) : this(status, trailers, status.ToString()) { }

    public Status Status { get; } = status;
    public StatusCode StatusCode => Status.StatusCode;
    public Metadata Trailers { get; } = trailers ?? throw new ArgumentNullException(nameof(trailers));
}
