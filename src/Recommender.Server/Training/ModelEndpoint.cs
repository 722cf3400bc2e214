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
        var training = TrainAsync(recipe, WishOf(request), steps.Writer, stopping.Token);
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

    public override async Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) => new()
    {
        Models = { (await shop.Models.ListAsync(context.CancellationToken)).Select(ToWire) },
        Publications = { (await shop.Store.Models.PublicationsAsync(shop.Tenant, context.CancellationToken)).Select(ToWire) },
    };

    public override async Task<Model> PublishModel(PublishModelRequest request, ServerCallContext context) =>
        ToWire(await shop.Models.PublishAsync(request.ModelId, request.Force, context.CancellationToken));

    public override async Task<Model> RollBackModel(RollBackModelRequest request, ServerCallContext context) =>
        ToWire(await shop.Models.RollBackAsync(context.CancellationToken));

    private async Task<TrainingOutcome> TrainAsync(Recipe recipe, PublishWish wish, ChannelWriter<TrainingStep> steps, CancellationToken cancellation)
    {
        try { return await shop.Models.TrainAsync(recipe, wish, Environment.ProcessorCount, new ChannelProgress(steps), cancellation); }
        finally { steps.Complete(); }
    }

    private static PublishWish WishOf(TrainRequest request) =>
        request.Force ? PublishWish.Force : !request.HasPublish || request.Publish ? PublishWish.IfNotWorse : PublishWish.Keep;

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

    private Model ToWire(TrainingOutcome outcome)
    {
        var model = ToWire(outcome.Version);
        if (outcome.Verdict is not { } verdict) return model;
        model.Comparison = new Protocol.V1.ModelComparison { LiveModelId = verdict.LiveId ?? "", Summary = verdict.Summary, Refused = verdict.Refused };
        if (verdict.Comparison is not { } found) return model;
        (model.Comparison.Customers, model.Comparison.Ndcg, model.Comparison.LiveNdcg) = (found.Customers, found.Candidate.Mean, found.Live.Mean);
        (model.Comparison.Difference, model.Comparison.DifferenceLow, model.Comparison.DifferenceHigh) =
            (found.Difference.Mean, found.Difference.Low, found.Difference.High);
        return model;
    }

    private static ModelPublication ToWire(Publication publication) =>
        new() { ModelId = publication.ModelId, PublishedAt = Timestamp.FromDateTimeOffset(publication.PublishedAt), Reason = publication.Reason };

    private sealed class ChannelProgress(ChannelWriter<TrainingStep> steps) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => steps.TryWrite(value);
    }
}
