using Grpc.Core;
using Grpc.Health.V1;
using Recommender.Interop.Tests.Harness;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace Recommender.Interop.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task Each_change_is_told_to_who_watches_and_a_new_service_is_known_from_its_first_status_on()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var channel = ProbeChannel.To(server);
        var health = new HealthClient(channel.Invoker);
        using var watch = health.Watch(new HealthCheckRequest { Service = "training" });
        Assert.Equal(ServingStatus.ServiceUnknown, await Next(watch));
        server.Health.SetServing("training");
        Assert.Equal(ServingStatus.Serving, await Next(watch));
        server.Health.SetNotServing("training");
        Assert.Equal(ServingStatus.NotServing, await Next(watch));
        Assert.Equal(ServingStatus.NotServing, (await health.CheckAsync(new HealthCheckRequest { Service = "training" })).Status);
    }

    [Fact]
    public async Task A_server_that_stops_says_so_and_does_not_wait_for_who_watches()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var channel = ProbeChannel.To(server);
        using var watch = new HealthClient(channel.Invoker).Watch(new HealthCheckRequest());
        Assert.Equal(ServingStatus.Serving, await Next(watch));

        var stopping = server.StopAsync();
        Assert.Equal(ServingStatus.NotServing, await Next(watch));
        Assert.False(await watch.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, watch.GetStatus().StatusCode);
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task<ServingStatus> Next(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext());
        return watch.ResponseStream.Current.Status;
    }
}
