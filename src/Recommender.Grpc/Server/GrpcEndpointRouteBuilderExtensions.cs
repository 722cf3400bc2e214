using System.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Recommender.Grpc.Server;

namespace Microsoft.AspNetCore.Builder;

public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Serves the service whose generated base class TService extends: one instance a call, made by the container.</summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder) where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.ServiceProvider;
        var served = services.GetService<ServedMethods>()
            ?? throw new InvalidOperationException("Call services.AddGrpc() before MapGrpcService.");
        var options = GrpcServiceOptions.Merge(
            services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value,
            services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Server");

        var binder = new ServiceBinder<TService>(builder, served, options, logger);
        FindBindMethod(typeof(TService)).Invoke(null, [binder, null]);
        if (services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value.IgnoreUnknownServices != true)
            served.MapUnknown(builder);
        return new GrpcServiceEndpointConventionBuilder(binder.Endpoints);
    }

    private static MethodInfo FindBindMethod(Type service)
    {
        var attribute = service.GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
            ?? throw new InvalidOperationException($"{service} does not extend a generated service base class.");
        return attribute.BindType.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static).SingleOrDefault(
                method => method.Name == attribute.BindMethodName
                    && method.GetParameters() is [{ ParameterType: var first }, _] && first == typeof(ServiceBinderBase))
            ?? throw new InvalidOperationException($"{attribute.BindType} has no method {attribute.BindMethodName}.");
    }
}
