using Grpc.Core;
using Grpc.Health.V1;

namespace Recommender.Grpc;

/// <summary>The standard service grpc.health.v1.Health.</summary>
internal sealed class HealthService(HealthStatuses statuses) : Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        statuses.Find(request.Service) is { } status
            ? Task.FromResult(new HealthCheckResponse { Status = status })
            : throw new RpcException(new Status(StatusCode.NotFound, $"There is no service '{request.Service}'."));

    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        var response = new HealthListResponse();
        foreach (var (service, status) in statuses.All())
            response.Statuses[service] = new HealthCheckResponse { Status = status };
        return Task.FromResult(response);
    }

    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var watcher = statuses.Watch(request.Service);
        await foreach (var status in watcher.Changes.Reader.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
    }
}
