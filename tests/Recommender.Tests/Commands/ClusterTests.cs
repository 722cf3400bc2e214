using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;
using Recommender.Protocol.V1;
using Recommender.Storage;
using Recommender.Storage.Tests.Mongo;

namespace Recommender.Tests.Commands;

/// <summary>A shop on more than one machine: three server processes before one replica set, all of which may fail.</summary>
public sealed class ClusterTests
{
    private const int Servers = 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_servers_go_on_when_one_of_them_and_the_primary_are_killed_and_nothing_is_lost_or_doubled()
    {
        await using var database = new MongoPlace();
        using var set = new GatewayReplicaSet();
        await set.StartAsync(Stop);
        string store = set.UriOf(database.Name);
        using var servers = new ServerGroup(await Task.WhenAll(Enumerable.Range(0, Servers).Select(_ => StartAsync(store))));

        var acknowledged = new ConcurrentBag<string>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var senders = Enumerable.Range(0, 6).Select(sender => SendAsync(servers, sender, acknowledged, enough.Token)).ToArray();
        await UntilAsync(() => acknowledged.Count > 200, senders);
        servers.Kill(0);
        await UntilAsync(() => acknowledged.Count > 400, senders);
        set.First.Kill();
        int before = acknowledged.Count;
        await UntilAsync(() => acknowledged.Count > before + 400, senders);
        await enough.CancelAsync();
        await Task.WhenAll(senders);

        await using var kept = await ShopLocation.Parse(store).OpenAsync(TimeProvider.System, Stop);
        var events = new List<StoredEvent>();
        await foreach (var stored in kept.Events.ReadSinceAsync(Tenant.Default, 0, Stop)) events.Add(stored);
        Assert.Empty(acknowledged.Except(events.Select(stored => stored.Event.EventId)));
        // One that was sent again, to another server, is there once: no more events than were sent, each at a position of its own.
        Assert.InRange(events.Count, acknowledged.Count, acknowledged.Count + senders.Length);
        Assert.Equal(events.Count, events.Select(stored => stored.Position).Distinct().Count());
    }

    [Fact]
    public async Task What_one_server_records_and_trains_the_others_answer_with()
    {
        await using var database = new MongoPlace();
        using var servers = new ServerGroup(await Task.WhenAll(Enumerable.Range(0, Servers).Select(_ => StartAsync(database.Uri))));
        var first = servers.Channel(0);
        await new EventService.EventServiceClient(first).RecordEventsAsync(new() { Events = { Pairs() } }, cancellationToken: Stop);

        using var training = new ModelService.ModelServiceClient(first).Train(new(), cancellationToken: Stop);
        string trained = "";
        await foreach (var step in training.ResponseStream.ReadAllAsync(Stop)) trained = step.Model?.ModelId ?? trained;
        Assert.NotEmpty(trained);
        for (int server = 1; server < Servers; server++)
        {
            var others = new RecommendationService.RecommendationServiceClient(servers.Channel(server));
            await EventuallyAsync(async () => (await others.RecommendAsync(new() { CustomerId = "even-0", Count = 5 }, cancellationToken: Stop)).ModelVersion == trained);
        }

        // Known to nobody before; warm at the second server when the first one records more.
        var second = new RecommendationService.RecommendationServiceClient(servers.Channel(1));
        Assert.Equal(ServedBy.Popular, (await second.RecommendAsync(new() { CustomerId = "newcomer", Count = 5 }, cancellationToken: Stop)).ServedBy);
        await new EventService.EventServiceClient(first).RecordEventsAsync(
            new() { Events = { new Event { EventId = "newcomer-1", Type = "purchase", CustomerId = "newcomer", ItemId = "even-item-1" } } }, cancellationToken: Stop);
        await EventuallyAsync(async () =>
        {
            var answer = await second.RecommendAsync(new() { CustomerId = "newcomer", Count = 5 }, cancellationToken: Stop);
            return answer.ServedBy == ServedBy.Personalised && answer.Items.All(item => item.ItemId != "even-item-1");
        });
    }

    [Fact]
    public async Task A_budget_and_an_event_id_hold_across_servers()
    {
        await using var database = new MongoPlace();
        using var servers = new ServerGroup(await Task.WhenAll(Enumerable.Range(0, Servers).Select(_ => StartAsync(database.Uri))));
        await new CustomerService.CustomerServiceClient(servers.Channel(0)).SetConsentAsync(
            new() { CustomerId = "ann", Purpose = "marketing", Channel = "mail", Granted = true }, cancellationToken: Stop);

        var reserved = await Task.WhenAll(Enumerable.Range(0, 24).Select(number => new ContactService.ContactServiceClient(servers.Channel(number % Servers))
            .ReserveContactAsync(new() { ContactId = $"mail-{number}", CustomerId = "ann", Channel = "mail" }, cancellationToken: Stop).ResponseAsync));
        Assert.Equal(2, reserved.Count(answer => answer.Pressure.Allowed));

        var bought = new Event { EventId = "once", Type = "purchase", CustomerId = "ann", ItemId = "i", OccurredAt = new() { Seconds = 1_790_000_000 } };
        var recorded = await Task.WhenAll(Enumerable.Range(0, 24).Select(number => new EventService.EventServiceClient(servers.Channel(number % Servers))
            .RecordEventsAsync(new() { Events = { bought } }, cancellationToken: Stop).ResponseAsync));
        Assert.Equal(1, recorded.Count(answer => answer.Statuses.Single() == EventStatus.Recorded));
        Assert.Equal(23, recorded.Count(answer => answer.Statuses.Single() == EventStatus.Duplicate));
    }

    /// <summary>Two kinds of customers, each of whom buys most things of one kind.</summary>
    private static IEnumerable<Event> Pairs()
    {
        foreach (string kind in (string[])["even", "odd"])
        {
            for (int customer = 0; customer < 20; customer++)
            {
                for (int item = 0; item < 8; item++)
                {
                    if ((customer + item) % 3 == 0) continue;
                    yield return new Event { EventId = $"{kind}-{customer}-{item}", Type = "purchase", CustomerId = $"{kind}-{customer}", ItemId = $"{kind}-item-{item}" };
                }
            }
        }
    }

    /// <summary>Sends each event until some server has acknowledged it, to one server after another.</summary>
    private static async Task SendAsync(ServerGroup servers, int sender, ConcurrentBag<string> acknowledged, CancellationToken enough)
    {
        for (int number = 0, turn = sender; !enough.IsCancellationRequested; number++)
        {
            var sent = new Event { EventId = $"{sender}-{number}", Type = "view", CustomerId = $"c{sender}", ItemId = "i", OccurredAt = new() { Seconds = 1_790_000_000 } };
            for (bool done = false; !done && !enough.IsCancellationRequested; turn++)
            {
                try
                {
                    var answer = await new EventService.EventServiceClient(servers.Channel(turn % Servers))
                        .RecordEventsAsync(new() { Events = { sent } }, deadline: DateTime.MaxValue, cancellationToken: enough);
                    acknowledged.Add(sent.EventId);
                    done = true;
                }
                catch (RpcException failed) when (failed.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled)
                {
                    await Task.Delay(20, Stop);
                }
            }
        }
    }

    private static async Task UntilAsync(Func<bool> reached, Task[] senders)
    {
        while (!reached())
        {
            if (senders.FirstOrDefault(sender => sender.IsCompleted) is { } ended) await ended;
            await Task.Delay(10, Stop);
        }
    }

    /// <summary>The tests' own time-out ends what never comes.</summary>
    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        while (!await holds()) await Task.Delay(50, Stop);
    }

    private static async Task<(CommandProcess, string)> StartAsync(string store)
    {
        var server = CommandProcess.Start("serve", "--store", store, "--port", "0", "--http-port", "0");
        return (server, await ServeTests.AddressAsync(server));
    }

    private sealed class ServerGroup((CommandProcess Process, string Address)[] servers) : IDisposable
    {
        private readonly GrpcChannel[] _channels = [.. servers.Select(server => GrpcChannel.ForAddress(server.Address))];

        public GrpcChannel Channel(int server) => _channels[server];

        public void Kill(int server) => servers[server].Process.Kill();

        public void Dispose()
        {
            foreach (var channel in _channels) channel.Dispose();
            foreach (var (process, _) in servers) process.Dispose();
        }
    }
}
