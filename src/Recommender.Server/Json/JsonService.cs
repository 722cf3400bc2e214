using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Recommender.Server.Json;

/// <summary>A service to be served as JSON.</summary>
/// <param name="Bind">Calls the generated <c>BindService(binder, implementation)</c>.</param>
internal sealed record JsonService(ServiceDescriptor Descriptor, Action<ServiceBinderBase> Bind);
