using System.Text;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Recommender.Models;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Recommender.Storage;

namespace Recommender.Server.Training;

internal sealed class ModelEndpoint(Shop shop, IHostApplicationLifetime lifetime) : ModelService.ModelServiceBase
{
    public override async Task Train(TrainRequest request, IServerStreamWriter<TrainProgress> responseStream, ServerCallContext context)
    {
        var recipe = request.RecipeJson.Length == 0 ? shop.Recipe : Parse(request.RecipeJson);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        // Only the newest step matters to a reader who is slow.
        var steps = Channel.CreateBounded<TrainingStep>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var training = TrainAsync(recipe, publish: !request.HasPublish || request.Publish, steps.Writer, stopping.Token);
        try
        {
            await foreach (var step in steps.Reader.ReadAllAsync(stopping.Token))
                await responseStream.WriteAsync(new TrainProgress { Stage = step.Stage, Fraction = step.Fraction }, stopping.Token);
        }
        catch
        {
            // A reader who is gone must not leave the training behind.
            await stopping.CancelAsync();
            await ((Task)training).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        await responseStream.WriteAsync(new TrainProgress { Stage = "done", Fraction = 1, Model = ToWire(await training) }, stopping.Token);
    }

    public override async Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        new() { Models = { (await shop.Models.ListAsync(context.CancellationToken)).Select(ToWire) } };

    public override async Task<Model> PublishModel(PublishModelRequest request, ServerCallContext context) =>
        ToWire(await shop.Models.PublishAsync(request.ModelId, context.CancellationToken));

    public override async Task<Model> RollBackModel(RollBackModelRequest request, ServerCallContext context) =>
        ToWire(await shop.Models.RollBackAsync(context.CancellationToken));

    private async Task<ModelVersion> TrainAsync(Recipe recipe, bool publish, ChannelWriter<TrainingStep> steps, CancellationToken cancellation)
    {
        try { return await shop.Models.TrainAsync(recipe, publish, Environment.ProcessorCount, new ChannelProgress(steps), cancellation); }
        finally { steps.Complete(); }
    }

    private static Recipe Parse(string json)
    {
        try { return Recipe.Parse(Encoding.UTF8.GetBytes(json)); }
        catch (InvalidRecipeException problem)
        {
            throw new RefusedException(StatusCode.InvalidArgument, $"recipe_json: {problem.Message}", [new("recipe_json", problem.Message)]);
        }
    }

    private Model ToWire(ModelVersion version) => new()
    {
        ModelId = version.Id,
        TrainedAt = Timestamp.FromDateTimeOffset(version.TrainedAt),
        EventsUpTo = version.EventsUpTo,
        Live = version.Id == shop.Models.LiveId,
        CardJson = version.Card,
    };

    private sealed class ChannelProgress(ChannelWriter<TrainingStep> steps) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => steps.TryWrite(value);
    }
}
