using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Google.Protobuf;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Recommender.Interactions;
using Recommender.Protocol.V1;
using Recommender.Server.Serving;
using Answer = Recommender.Server.Serving.Answer;

namespace Recommender.Server.Benchmarks;

/// <summary>
/// One recommendation to a customer whose twenty purchases are in memory, ten items with reasons, from a catalogue of 25,000 and 128 factors; and beside
/// it the emptiest call of the same server. Both over loopback with the client in the same process, whose allocations are counted too; then the
/// recommendation's stages without a network, each by itself.
/// </summary>
[Config(typeof(InThisProcess))]
[MemoryDiagnoser]
public class RequestBenchmarks
{
    private const int Count = 10, Asked = 1_000;

    private BenchmarkShop _benchmark = null!;
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;
    private RecommendationService.RecommendationServiceClient _recommendations = null!;
    private Health.HealthClient _health = null!;
    private Answer _answer = null!;
    private History[] _histories = [];
    private int _next;

    private Shop Shop => _benchmark.Shop;

    // Measured in this process, a setup is not waited for: it must not be a task.
    [GlobalSetup]
    public void Prepare() => PrepareAsync().GetAwaiter().GetResult();

    [Benchmark(Baseline = true)]
    public async Task<HealthCheckResponse> EmptyCall() => await _health.CheckAsync(new HealthCheckRequest());

    [Benchmark]
    public async Task<RecommendResponse> Recommend() => await _recommendations.RecommendAsync(new RecommendRequest { CustomerId = Customer.Id, Count = Count });

    /// <summary>Without a network, and remembered as in trade: the log's serialising and writing behind it is in the allocations.</summary>
    [Benchmark]
    public async Task<int> Answer() => (await Shop.Recommending.AnswerAsync(Query(preview: false), CancellationToken.None)).Served.Items.Length;

    /// <summary>The same and nothing remembered.</summary>
    [Benchmark]
    public async Task<int> AnswerPreview() => (await Shop.Recommending.AnswerAsync(Query(preview: true), CancellationToken.None)).Served.Items.Length;

    [Benchmark]
    public async Task<int> StageSituation()
    {
        var live = Shop.Live.Current;
        var circle = await Shop.Identities.OfAsync(Customer, CancellationToken.None);
        return Shop.HistoryOf(await Shop.Circles.CountedAsync(circle, CancellationToken.None), live).Entries.Length;
    }

    [Benchmark]
    public int StageEvidence() =>
        Evidence.Of(_histories[_next++ % Asked], Query(preview: true), Shop.Live.Now, Shop.Questionnaires.Meanings, offerAgain: false).Items.Length;

    [Benchmark]
    public int StageToWire() => RecommendationMapping.ToWire(_answer, properties: null, Shop.Questionnaires.Meanings).Items.Count;

    [Benchmark]
    public int StageToWireAndBytes() => RecommendationMapping.ToWire(_answer, properties: null, Shop.Questionnaires.Meanings).ToByteArray().Length;

    [GlobalCleanup]
    public void Close() => CloseAsync().GetAwaiter().GetResult();

    private Person Customer => BenchmarkShop.Customer(_next++ % Asked);

    private RecommendQuery Query(bool preview) => new() { Person = Customer, Count = Count, Preview = preview };

    private async Task PrepareAsync()
    {
        _benchmark = await BenchmarkShop.OpenAsync(versions: 1);
        _app = ServerHost.Build(Shop, new ServerOptions { GrpcPort = 0, HttpPort = 0 }, TimeProvider.System, _ => { });
        await _app.StartAsync();
        string address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _channel = GrpcChannel.ForAddress(address);
        (_recommendations, _health) = (new(_channel), new(_channel));
        _histories = new History[Asked];
        for (int n = 0; n < Asked; n++)
        {
            _histories[n] = await Shop.HistoryOfAsync(BenchmarkShop.Customer(n), CancellationToken.None);
            _answer = await Shop.Recommending.AnswerAsync(Query(preview: false), CancellationToken.None);
        }
    }

    private async Task CloseAsync()
    {
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _benchmark.DisposeAsync();
    }

    private sealed class InThisProcess : ManualConfig
    {
        public InThisProcess() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(6).WithIterationCount(10)
            .WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(400)));
    }
}
