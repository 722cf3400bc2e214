using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Cli.Commands;
using Recommender.Models;
using Recommender.Protocol.V1;
using Recommender.Server;
using Recommender.Server.Security;
using Recommender.Storage;

namespace Recommender.Tests.Server;

/// <summary>
/// A real server on loopback with a shop whose truth is known: twenty crime novels and twenty garden books, sixty readers of the one and
/// sixty of the other, each of whom has bought eight of their twenty. The lower an item's number the more people bought it.
/// </summary>
public sealed class PlantedShop : IAsyncLifetime
{
    public const int Kind = 20;
    public const int Readers = 60;

    private readonly string _folder = Directory.CreateTempSubdirectory("planted-").FullName;
    private WebApplication? _app;
    private GrpcChannel? _channel;

    public Shop Shop { get; private set; } = null!;

    /// <summary>The shop's time: that of the machine until a test moves it on.</summary>
    public MovableClock Clock { get; } = new();

    public HttpClient Http { get; private set; } = new();

    public string Folder => _folder;

    public CatalogService.CatalogServiceClient Catalog => new(_channel);

    public EventService.EventServiceClient Events => new(_channel);

    public RecommendationService.RecommendationServiceClient Recommendations => new(_channel);

    public CustomerService.CustomerServiceClient Customers => new(_channel);

    public IdentityService.IdentityServiceClient Identity => new(_channel);

    public ContactService.ContactServiceClient Contacts => new(_channel);

    public ScenarioService.ScenarioServiceClient Scenarios => new(_channel);

    public ModelService.ModelServiceClient Models => new(_channel);

    public RelationshipService.RelationshipServiceClient Relationships => new(_channel);

    public ChannelBase Channel => _channel!;

    /// <summary>Small enough for forty items; more factors than planted would fit the holes.</summary>
    internal static Recipe Small { get; } = Recipe.Parse("""{"factorization":{"factors":2}}"""u8.ToArray());

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "recipe.json"), Small.ToJson());
        await StartAsync();
        await Catalog.UpsertItemsAsync(new UpsertItemsRequest { Items = { Items() } });
        foreach (var batch in Purchases().Chunk(500)) await Events.RecordEventsAsync(new RecordEventsRequest { Events = { batch } });
        await TrainAsync();
    }

    /// <summary>A new key of the shop's; a server that is running takes it at its next start.</summary>
    internal async Task<string> KeyAsync(Role role)
    {
        await using var files = await ShopLocation.Parse(_folder).OpenFilesAsync(CancellationToken.None);
        return await AccessKeys.CreateAsync(files, role, CancellationToken.None);
    }

    public Task<ModelVersionTrained> TrainAsync() => TrainAsync(new TrainRequest());

    public async Task<ModelVersionTrained> TrainAsync(TrainRequest request)
    {
        using var call = Models.Train(request);
        var steps = new List<TrainProgress>();
        await foreach (var step in call.ResponseStream.ReadAllAsync()) steps.Add(step);
        return new ModelVersionTrained(steps[^1].Model, steps);
    }

    public async Task StartAsync()
    {
        Shop = await Shop.OpenAsync(new ShopOptions { Store = ShopLocation.Parse(_folder) }, Clock, NullLoggerFactory.Instance, CancellationToken.None);
        _app = ServerHost.Build(Shop, new ServerOptions { GrpcPort = 0, HttpPort = 0 }, Clock, _ => { });
        await _app.StartAsync();
        var addresses = ServerAddresses.Of(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses);
        _channel = GrpcChannel.ForAddress(addresses.Grpc);
        Http.Dispose();
        Http = new HttpClient { BaseAddress = new Uri(addresses.Http) };
    }

    public async Task StopAsync()
    {
        _channel!.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        await Shop.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public static string Crime(int number) => $"crime-{number:00}";

    public static string Garden(int number) => $"garden-{number:00}";

    public Task<RecommendResponse> RecommendAsync(RecommendRequest request) => Recommendations.RecommendAsync(request).ResponseAsync;

    public static Event Purchase(string eventId, string customerId, string itemId) =>
        new() { EventId = eventId, Type = "purchase", CustomerId = customerId, ItemId = itemId };

    public Task RecordAsync(params Event[] events) => Events.RecordEventsAsync(new RecordEventsRequest { Events = { events } }).ResponseAsync;

    /// <summary>What of the kind a reader has bought: any eight, so that the kind is all there is to be learned; low numbers are likelier.</summary>
    private static IEnumerable<int> Bought(int reader)
    {
        var random = new Random(reader);
        return Enumerable.Range(0, Kind).OrderBy(number => random.NextDouble() * (10 + number)).Take(8);
    }

    private static IEnumerable<Item> Items() =>
        from kind in (string[])["crime", "garden"]
        from number in Enumerable.Range(0, Kind)
        select new Item
        {
            ItemId = $"{kind}-{number:00}",
            Attributes =
            {
                ["title"] = new AttributeValue { Text = $"The {kind} book {number}" },
                ["genre"] = new AttributeValue { Text = kind },
                ["price"] = new AttributeValue { Number = 5 + number },
            },
        };

    private static IEnumerable<Event> Purchases() =>
        from kind in (string[])["crime", "garden"]
        from reader in Enumerable.Range(0, Readers)
        from number in Bought(reader)
        select Purchase($"{kind}-{reader}-{number}", $"{kind}-reader-{reader}", $"{kind}-{number:00}");
}

/// <summary>A version and the progress that was told on the way to it.</summary>
public sealed record ModelVersionTrained(Model Model, IReadOnlyList<TrainProgress> Steps);
