using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using V1 = Grpc.Reflection.V1;
using V1Alpha = Grpc.Reflection.V1Alpha;

namespace Recommender.Grpc;

/// <summary>The standard services beside a server's own.</summary>
public static class HealthAndReflection
{
    /// <summary>Registers what the standard services need; <see cref="HealthStatuses"/> is for the server's own use too.</summary>
    public static IServiceCollection AddHealthAndReflection(this IServiceCollection services)
    {
        services.TryAddSingleton<HealthStatuses>();
        services.TryAddSingleton<DescriptorIndex>();
        services.TryAddSingleton<ReflectionAnswers>();
        return services;
    }

    /// <summary>Serves health (Check, List, Watch) and reflection (v1, v1alpha) of the services named; they count as serving.</summary>
    /// <param name="served">The descriptors that generated code has of each service: <c>CatalogService.Descriptor</c>.</param>
    public static IEndpointRouteBuilder MapHealthAndReflection(
        this IEndpointRouteBuilder endpoints, params IReadOnlyCollection<Google.Protobuf.Reflection.ServiceDescriptor> served)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(served);
        var statuses = endpoints.ServiceProvider.GetRequiredService<HealthStatuses>();
        var index = endpoints.ServiceProvider.GetRequiredService<DescriptorIndex>();
        endpoints.MapGrpcService<HealthService>();
        endpoints.MapGrpcService<ReflectionService>();
        endpoints.MapGrpcService<ReflectionServiceV1Alpha>();

        statuses.SetServing("");
        foreach (var service in served)
            statuses.SetServing(service.FullName);
        foreach (var service in served.Concat([Health.Descriptor, V1.ServerReflection.Descriptor, V1Alpha.ServerReflection.Descriptor]))
            index.Add(service);

        // Who watches our health holds a call open; it must end before the server waits for its calls to end.
        endpoints.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(statuses.Stop);
        return endpoints;
    }
}
