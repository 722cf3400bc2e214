using Grpc.Core;
using Recommender.Cli.Terminal;
using Recommender.Protocol.V1;

namespace Recommender.Cli.Load;

/// <summary>
/// Has the server do what nobody waits for, through its public API, again and again while it is measured: trainings, whose versions stay
/// unpublished, or batches for all customers.
/// </summary>
/// <param name="kind">"training" or "batch".</param>
internal sealed class Beside(string kind, CallInvoker server, Metadata headers, LoadOptions options, TimeProvider time)
{
    public const string Training = "training", Batch = "batch";

    private TimeSpan _alone;

    /// <summary>Does it once with nothing beside it, to have it compiled, and once more for its time.</summary>
    public async Task PrepareAsync(IProgress<Step> progress, CancellationToken cancellation)
    {
        for (int run = 0; run < 2; run++)
        {
            progress.Report(new Step($"one {kind} alone", 0.3));
            long begun = time.GetTimestamp();
            await RunAsync(cancellation);
            _alone = time.GetElapsedTime(begun);
        }
    }

    /// <summary>Works as long as something else goes on; what is not done by then is broken off.</summary>
    public async Task<(T Result, BesideWork Work)> DuringAsync<T>(Func<Task<T>> what, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var working = WorkAsync(ending.Token);
        try
        {
            var result = await what();
            await ending.CancelAsync();
            return (result, await working);
        }
        finally
        {
            await ending.CancelAsync();
            // How it ended is said above; only that it has ended matters here.
            await ((Task)working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<BesideWork> WorkAsync(CancellationToken stopping)
    {
        var work = new BesideWork(kind, 0, TimeSpan.Zero, _alone);
        long begun = time.GetTimestamp();
        try
        {
            while (true)
            {
                await RunAsync(stopping);
                work = work with { Done = work.Done + 1, Took = time.GetElapsedTime(begun) };
            }
        }
        catch (Exception ended) when (stopping.IsCancellationRequested
            && ended is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            return work;
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        if (kind == Training)
        {
            var models = new ModelService.ModelServiceClient(server);
            using var training = models.Train(new TrainRequest { Publish = false }, headers, cancellationToken: cancellation);
            await foreach (var _ in training.ResponseStream.ReadAllAsync(cancellation)) { }
            return;
        }
        // A preview: a mailing each time would use up the budgets of all customers and rotate what they are shown.
        var request = new RecommendBatchRequest { Scenario = options.Scenario, Count = options.Count, Preview = true };
        var recommendations = new RecommendationService.RecommendationServiceClient(server);
        using var batch = recommendations.RecommendBatch(request, headers, cancellationToken: cancellation);
        await foreach (var _ in batch.ResponseStream.ReadAllAsync(cancellation)) { }
    }
}

/// <summary>What the server did beside the calls that were measured.</summary>
/// <param name="Kind">Trainings or batches.</param>
/// <param name="Done">How many whole ones; what one broken off had done cannot be told in time.</param>
/// <param name="Took">All of them together.</param>
/// <param name="Alone">One of them with nothing beside it.</param>
internal sealed record BesideWork(string Kind, int Done, TimeSpan Took, TimeSpan Alone)
{
    /// <summary>How much longer one takes than alone; null where none was done.</summary>
    public double? Slowdown => Done > 0 && Alone > TimeSpan.Zero ? Took / Alone / Done : null;
}
