using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Recommender.Interactions;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Recommender.Server.Security;
using Recommender.Server.Training;

namespace Recommender.Server.Serving;

internal sealed class RecommendationEndpoint(Shop shop, IHostApplicationLifetime lifetime) : RecommendationService.RecommendationServiceBase
{
    public override async Task<RecommendResponse> Recommend(RecommendRequest request, ServerCallContext context)
    {
        var query = RecommendationMapping.FromWire(request);
        AccessGate.RequireVisitor(context, query.Person);
        return RecommendationMapping.ToWire(await shop.Recommending.AnswerAsync(query, context.CancellationToken), request.PropertyMask, shop.Questionnaires.Meanings);
    }

    public override async Task RecommendBatch(RecommendBatchRequest request, IServerStreamWriter<RecommendBatchResponse> responseStream, ServerCallContext context)
    {
        var query = BatchMapping.FromWire(request);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        // Each write waits until the caller has room for it, and nothing is worked out meanwhile.
        await foreach (var part in shop.Batch.AnswerAsync(query, request.PropertyMask, new BackgroundThreads(Environment.ProcessorCount), stopping.Token))
            await responseStream.WriteAsync(BatchMapping.ToWire(part, query), stopping.Token);
    }

    public override Task<RecommendResponse> SimilarItems(SimilarItemsRequest request, ServerCallContext context)
    {
        var answer = shop.Recommending.SimilarTo(RecommendationMapping.FromWire(request), context.CancellationToken);
        return Task.FromResult(RecommendationMapping.ToWire(answer, request.PropertyMask, shop.Questionnaires.Meanings));
    }

    public override async Task<ExplainResponse> Explain(ExplainRequest request, ServerCallContext context)
    {
        var served = await shop.Served.FindAsync(request.RecommendationId, context.CancellationToken)
            ?? throw new RefusedException(StatusCode.NotFound, $"there is no recommendation \"{request.RecommendationId}\"; they are kept for 30 days");
        var response = new ExplainResponse
        {
            RecommendationId = served.RecommendationId,
            ServedAt = Timestamp.FromDateTimeOffset(served.ServedAt),
            Scenario = served.Scenario,
            ServedBy = RecommendationMapping.ToWire(served.ServedBy),
            ModelVersion = served.ModelVersion,
        };
        if (served.Person is { Kind: PersonKind.Customer } customer) response.CustomerId = customer.Id;
        if (served.Person is { Kind: PersonKind.Visitor } visitor) response.VisitorId = visitor.Id;
        var texts = new ReasonTexts(shop.Live.Now.Shelves, shop.Questionnaires.Meanings);
        foreach (var item in served.Items) response.Items.Add(RecommendationMapping.Explained(item, texts));
        return response;
    }

    public override async Task<WhyNotResponse> WhyNot(WhyNotRequest request, ServerCallContext context)
    {
        var query = RecommendationMapping.FromWire(request);
        return await shop.WhyNot.AnswerAsync(query, request.ItemId, context.CancellationToken);
    }
}
