using Grpc.Core;
using Recommender.Cli.Terminal;
using Recommender.Protocol.V1;

namespace Recommender.Cli.Load;

/// <summary>
/// Puts another version of the shop's model in service again and again while the server is measured: rolled back to the one before, which only reads
/// and swaps it, and in turn published again, which measures it on the server's cores first, as publishing does.
/// </summary>
internal sealed class ModelSwaps(ModelService.ModelServiceClient models, Metadata headers, TimeSpan every, TimeProvider time)
{
    private string _first = "", _live = "";

    /// <exception cref="InputException">There are not two versions to take turns.</exception>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        var listed = await models.ListModelsAsync(new ListModelsRequest(), headers, cancellationToken: cancellation);
        _first = _live = listed.Models.FirstOrDefault(model => model.Live)?.ModelId ?? "";
        if (listed.Models.Count < 2 || _live.Length == 0)
            throw new InputException($"--swap needs two versions of the model, one of them live; the shop has {listed.Models.Count}. Train another with `recommender train`");
    }

    /// <summary>Swaps as long as something goes on. The version that was live in the beginning is live in the end, whatever fails meanwhile.</summary>
    /// <exception cref="InputException">That version could not be put back.</exception>
    public async Task<(T Result, IReadOnlyList<ModelSwap> Swaps)> DuringAsync<T>(Func<Task<T>> what, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var swapping = RunAsync(ending.Token);
        try
        {
            try
            {
                var result = await what();
                await ending.CancelAsync();
                return (result, await swapping);
            }
            finally
            {
                await ending.CancelAsync();
                // How it ended is said above; only that it has ended matters here.
                await ((Task)swapping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally { await RestoreAsync(); }
    }

    private async Task<IReadOnlyList<ModelSwap>> RunAsync(CancellationToken stopping)
    {
        var swapped = new List<ModelSwap>();
        long start = time.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(every, time, stopping);
                var begin = time.GetElapsedTime(start);
                await SwapAsync();
                swapped.Add(new ModelSwap(begin, time.GetElapsedTime(start)));
            }
        }
        catch (OperationCanceledException) { return swapped; }
    }

    private async Task RestoreAsync()
    {
        try
        {
            // After a swap that failed nobody knows but the server.
            var listed = await models.ListModelsAsync(new ListModelsRequest(), headers);
            if (listed.Models.FirstOrDefault(model => model.Live)?.ModelId != _first) await PublishAsync(_first);
        }
        catch (RpcException problem)
        {
            throw new InputException($"version {_first} of the model was live before and could not be put back: {problem.Status.Detail}. "
                + $"Publish it with `recommender model publish {_first}`, or by ModelService.PublishModel where a server has the shop open", problem);
        }
    }

    // A swap that has begun is seen to its end: half of one would be none.
    private async Task SwapAsync()
    {
        if (_live != _first)
        {
            await PublishAsync(_first);
            return;
        }
        try { _live = (await models.RollBackModelAsync(new RollBackModelRequest(), headers)).ModelId; }
        catch (RpcException none) when (none.StatusCode == StatusCode.FailedPrecondition)
        {
            var listed = await models.ListModelsAsync(new ListModelsRequest(), headers);
            await PublishAsync(listed.Models.First(model => model.ModelId != _live).ModelId);
        }
    }

    private async Task PublishAsync(string id) => _live = (await models.PublishModelAsync(new PublishModelRequest { ModelId = id, Force = true }, headers)).ModelId;
}
