using System.Net;
using System.Text;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Cli.Commands;
using Recommender.Protocol.V1;
using Recommender.Server;
using Recommender.Server.Errors;
using Recommender.Storage;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Recommender.Tests.Server;

/// <summary>What callers are told when the store is late, full, newer or out of reach, and how long it may take.</summary>
public sealed class StoreTroubleTests : IAsyncLifetime
{
    private readonly ServersOfOneShop _servers = new();
    private Shop _shop = null!;
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        await _servers.InitializeAsync();
        _servers.Observed.IsShared = true;
        _shop = await _servers.OpenAsync();
        _app = ServerHost.Build(_shop, new ServerOptions { GrpcPort = 0, HttpPort = 0 }, _servers.Clock, _ => { });
        await _app.StartAsync();
        var addresses = ServerAddresses.Of(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses);
        _channel = GrpcChannel.ForAddress(addresses.Grpc);
        _http = new HttpClient { BaseAddress = new Uri(addresses.Http) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _shop.DisposeAsync();
        await _servers.DisposeAsync();
    }

    [Fact]
    public async Task Out_of_reach_it_is_unavailable_to_who_writes_and_health_says_which_services_need_it()
    {
        var health = new Health.HealthClient(_channel);
        var events = new EventService.EventServiceClient(_channel);
        Assert.Equal(ServingStatus.Serving, await OfAsync("recommender.v1.EventService"));
        _servers.Observed.OutOfReach = true;

        var refused = await Assert.ThrowsAsync<RpcException>(() => events.RecordEventsAsync(new() { Events = { PlantedShop.Purchase("lost", "c", "crime-01") } }).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        using var json = await _http.PostAsync("/v1/events", new StringContent("""{"events":[{"event_id":"lost","type":"view","customer_id":"c","item_id":"crime-01"}]}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, json.StatusCode);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await OfAsync("recommender.v1.EventService") == ServingStatus.Serving) await Task.Delay(20, patience.Token);
        Assert.Equal((ServingStatus.Serving, ServingStatus.Serving), (await OfAsync(""), await OfAsync("recommender.v1.RecommendationService")));
        _servers.Observed.OutOfReach = false;
        while (await OfAsync("recommender.v1.EventService") != ServingStatus.Serving) await Task.Delay(20, patience.Token);
        Assert.Null(await _servers.One.Store.Events.FindAsync(_servers.One.Tenant, "lost", patience.Token));

        async Task<ServingStatus> OfAsync(string service) => (await health.CheckAsync(new HealthCheckRequest { Service = service })).Status;
    }

    [Fact]
    public async Task The_deadline_of_a_call_is_the_stores_over_either_form_and_without_one_there_is_none()
    {
        _servers.Observed.IsShared = false;
        var events = new EventService.EventServiceClient(_channel);
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(77);
        await events.RecordEventsAsync(new() { Events = { PlantedShop.Purchase("in time", "c", "crime-01") } }, deadline: deadline.UtcDateTime);
        Assert.InRange(_servers.Observed.AppendDeadline!.Value, deadline.AddSeconds(-2), deadline.AddSeconds(2));

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events")
        {
            Content = new StringContent("""{"events":[{"event_id":"json","type":"view","customer_id":"c","item_id":"crime-01"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Grpc-Timeout", "55S");
        using var answer = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.InRange(_servers.Observed.AppendDeadline!.Value, TimeProvider.System.GetUtcNow().AddSeconds(30), TimeProvider.System.GetUtcNow().AddSeconds(56));

        await events.RecordEventsAsync(new() { Events = { PlantedShop.Purchase("whenever", "c", "crime-01") } });
        Assert.Null(_servers.Observed.AppendDeadline);
    }

    [Fact]
    public void Each_trouble_has_a_status_of_its_own()
    {
        var funnel = new ErrorFunnel(NullLogger<ErrorFunnel>.Instance);
        Assert.Equal(
            [StatusCode.Unavailable, StatusCode.DeadlineExceeded, StatusCode.ResourceExhausted, StatusCode.FailedPrecondition, StatusCode.Unavailable],
            ((Exception[])[new StoreUnavailableException("x", null), new StoreTimeoutException("x", null), new StoreFullException("x"), new StoreTooNewException("x"), new StoreException("x")])
                .Select(trouble => funnel.ToStatus(trouble).StatusCode));
    }

    [Fact]
    public async Task A_deadline_goes_with_what_is_awaited_and_ends_with_its_scope()
    {
        Assert.Null(StoreDeadline.Current);
        var deadline = _servers.Clock.GetUtcNow().AddMinutes(1);
        using (StoreDeadline.Use(deadline))
        {
            await Task.Yield();
            Assert.Equal(deadline, StoreDeadline.Current);
            using (StoreDeadline.Use(null)) Assert.Null(StoreDeadline.Current);
            Assert.Equal(deadline, StoreDeadline.Current);
        }
        Assert.Null(StoreDeadline.Current);
    }
}
