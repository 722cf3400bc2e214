using Grpc.Core;
using Grpc.Core.Interceptors;
using Recommender.Cli.Load;
using Recommender.Cli.Terminal;
using Recommender.Protocol.V1;
using Recommender.Tests.Server;

namespace Recommender.Tests.Load;

/// <summary>A real server behind a line that loses answers.</summary>
public sealed class ModelSwapsTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_swap_that_failed_the_version_of_the_beginning_is_live_again()
    {
        await shop.TrainAsync();
        string? live = shop.Shop.Models.LiveId;
        var line = new LosingLine { Swaps = true };
        var swaps = await SwapsAsync(line);

        var problem = await Assert.ThrowsAsync<RpcException>(() => swaps.DuringAsync(() => line.Lost.Task, Stop));

        Assert.Equal("lost", problem.Status.Detail);
        Assert.Equal(live, shop.Shop.Models.LiveId);
    }

    [Fact]
    public async Task A_version_that_cannot_be_put_back_is_named()
    {
        await shop.TrainAsync();
        string? live = shop.Shop.Models.LiveId;
        var line = new LosingLine { Swaps = true, Listings = true };
        var swaps = await SwapsAsync(line);

        var problem = await Assert.ThrowsAsync<InputException>(() => swaps.DuringAsync(() => line.Lost.Task, Stop));

        Assert.Contains($"recommender model publish {live}", problem.Message, StringComparison.Ordinal);
    }

    private async Task<ModelSwaps> SwapsAsync(LosingLine line)
    {
        var swaps = new ModelSwaps(new ModelService.ModelServiceClient(shop.Channel.Intercept(line)), [], TimeSpan.FromSeconds(0.05), TimeProvider.System);
        await swaps.PrepareAsync(Stop);
        return swaps;
    }

    /// <summary>What was asked for is done, and nobody learns of it.</summary>
    private sealed class LosingLine : Interceptor
    {
        private volatile bool _lost;

        public bool Swaps { get; init; }

        /// <summary>Of versions, once the first answer is lost.</summary>
        public bool Listings { get; init; }

        public TaskCompletionSource<bool> Lost { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            var call = continuation(request, context);
            bool loses = request is RollBackModelRequest ? Swaps : request is ListModelsRequest && Listings && _lost;
            return loses ? new AsyncUnaryCall<TResponse>(LoseAsync(call), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose) : call;
        }

        private async Task<TResponse> LoseAsync<TResponse>(AsyncUnaryCall<TResponse> call)
        {
            await call.ResponseAsync;
            _lost = true;
            Lost.TrySetResult(true);
            throw new RpcException(new Status(StatusCode.Unavailable, "lost"));
        }
    }
}
