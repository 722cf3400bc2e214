using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Recommender.Grpc;
using Recommender.Protocol.V1;
using Recommender.Server.Json;

namespace Recommender.Tests.Json;

/// <summary>A real host on a free loopback port that serves a few handlers as JSON and, on a second port, as gRPC.</summary>
public sealed class JsonShop : IAsyncLifetime
{
    private WebApplication? _app;

    internal Catalog Items { get; } = new();

    internal Events Log { get; } = new();

    internal Models Training { get; } = new();

    public HttpClient Http { get; private set; } = new();

    public Uri GrpcAddress { get; private set; } = new("http://localhost");

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(Items).AddSingleton(Log).AddSingleton(Training);
        _app = builder.Build();
        _app.MapGrpcService<Catalog>();
        _app.MapJson(
            [
                new JsonService(CatalogService.Descriptor, binder => CatalogService.BindService(binder, Items)),
                new JsonService(EventService.Descriptor, binder => EventService.BindService(binder, Log)),
                new JsonService(ModelService.Descriptor, binder => ModelService.BindService(binder, Training)),
                new JsonService(ScenarioService.Descriptor, binder => ScenarioService.BindService(binder, new Scenarios())),
                new JsonService(RecommendationService.Descriptor,
                    binder => RecommendationService.BindService(binder, new Recommendations())),
            ],
            new JsonOptions
            {
                MaxMessageBytes = 64 << 10,
                Admit = _ => { },
                ToRpcException = thrown => new RpcException(new Status(StatusCode.Internal, $"funnelled {thrown.GetType().Name}")),
            },
            TimeProvider.System);
        await _app.StartAsync();
        string[] addresses = [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        Http.BaseAddress = new Uri(addresses[0]);
        GrpcAddress = new Uri(addresses[1]);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null) await _app.DisposeAsync();
    }

    public async Task<Answer> SendAsync(
        string verb, string path, string? body = null, string? contentType = "application/json",
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (contentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.ToString() ?? "", text,
            string.Join(",", response.Content.Headers.Allow));
    }

    public sealed record Answer(int Status, string ContentType, string Text, string Allow)
    {
        public JsonNode Json => JsonNode.Parse(Text)!;

        public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        public string Message => Json["message"]!.GetValue<string>();
    }

    internal sealed class Catalog : CatalogService.CatalogServiceBase
    {
        public ConcurrentDictionary<string, Item> Items { get; } = new();

        public override Task<UpsertItemsResponse> UpsertItems(UpsertItemsRequest request, ServerCallContext context)
        {
            foreach (Item item in request.Items) Items[item.ItemId] = item;
            return Task.FromResult(new UpsertItemsResponse { Written = request.Items.Count });
        }

        public override Task<Item> GetItem(GetItemRequest request, ServerCallContext context) => request.ItemId switch
        {
            "throws" => throw new InvalidDataException("a broken promise"),
            "conflict" => throw RpcError.AlreadyExists("item", "conflict", "it is there"),
            _ when Items.TryGetValue(request.ItemId, out Item? item) => Task.FromResult(item),
            _ => throw RpcError.NotFound("item", request.ItemId, $"There is no item '{request.ItemId}'."),
        };

        public override Task<ListItemsResponse> ListItems(ListItemsRequest request, ServerCallContext context) =>
            Task.FromResult(new ListItemsResponse
            {
                NextPageToken = $"{(
                request.HasPageSize ? request.PageSize : -1)}|{request.PageToken}|{context.RequestHeaders.GetValue("x-shop")}"
            });
    }

    internal sealed class Events : EventService.EventServiceBase
    {
        public ConcurrentQueue<string> Seen { get; } = new();

        public override async Task<ImportEventsResponse> ImportEvents(
            IAsyncStreamReader<ImportEventsRequest> requestStream, ServerCallContext context)
        {
            var response = new ImportEventsResponse { State = new ImportState() };
            await foreach (ImportEventsRequest request in requestStream.ReadAllAsync(context.CancellationToken))
            {
                foreach (Event recorded in request.Events)
                {
                    Seen.Enqueue(recorded.EventId);
                    response.Statuses.Add(EventStatus.Recorded);
                    response.State.Events++;
                }
            }
            return response;
        }

        public override Task<RecordEventsResponse> RecordEvents(RecordEventsRequest request, ServerCallContext context) =>
            Task.FromResult(new RecordEventsResponse());

        public override Task<UndoEventResponse> UndoEvent(UndoEventRequest request, ServerCallContext context)
        {
            Seen.Enqueue(request.EventId);
            return Task.FromResult(new UndoEventResponse { Status = EventStatus.Recorded });
        }
    }

    internal sealed class Models : ModelService.ModelServiceBase
    {
        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task Train(TrainRequest request, IServerStreamWriter<TrainProgress> responseStream, ServerCallContext context)
        {
            if (request.RecipeJson == "wrong") throw RpcError.InvalidArgument("recipe_json", "is wrong");
            if (request.RecipeJson == "nothing") return;
            await responseStream.WriteAsync(new TrainProgress { Stage = "reading events" });
            await responseStream.WriteAsync(new TrainProgress { Stage = "saving", Fraction = 0.5 });
            if (request.RecipeJson == "breaks") throw RpcError.FailedPrecondition("DISK", "disk", "the disk is full");
            if (request.RecipeJson != "waits") return;
            try
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
            finally
            {
                Cancelled.TrySetResult();
            }
        }

        public override async Task<Model> RollBackModel(RollBackModelRequest request, ServerCallContext context)
        {
            Assert.InRange(context.Deadline, DateTime.MinValue, DateTime.MaxValue.AddTicks(-1));
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new Model();
        }

        public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
            Task.FromResult(new ListModelsResponse());
    }

    internal sealed class Scenarios : ScenarioService.ScenarioServiceBase
    {
        public override Task<Scenario> UpsertScenario(UpsertScenarioRequest request, ServerCallContext context) =>
            Task.FromResult(request.Scenario);
    }

    internal sealed class Recommendations : RecommendationService.RecommendationServiceBase
    {
        public override Task<RecommendResponse> Recommend(RecommendRequest request, ServerCallContext context) =>
            Task.FromResult(new RecommendResponse
            {
                RecommendationId = $"{request.CustomerId}:{request.Count}:{request.PropertyMask}",
                ServedBy = ServedBy.Popular
            });
    }
}
