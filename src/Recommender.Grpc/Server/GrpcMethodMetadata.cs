using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>Endpoint metadata: the method that the endpoint serves.</summary>
public sealed class GrpcMethodMetadata(Type serviceType, IMethod method)
{
    public Type ServiceType { get; } = serviceType;
    public IMethod Method { get; } = method;
}
