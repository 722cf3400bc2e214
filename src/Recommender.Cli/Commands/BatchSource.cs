using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client;
using Recommender.Cli.Terminal;
using Recommender.Protocol.V1;
using Recommender.Server;
using Recommender.Server.Serving;
using Recommender.Server.Training;
using Recommender.Storage;

namespace Recommender.Cli.Commands;

/// <summary>Where a batch is answered: in this process, by a shop that is opened for it, or by a server that has the shop open.</summary>
internal static class BatchSource
{
    public static async IAsyncEnumerable<RecommendBatchResponse> OfStore(
        ShopLocation store, RecommendBatchRequest request, int threads, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var shop = await OpenAsync(store, cancellation);
        var query = BatchMapping.FromWire(request);
        await foreach (var part in shop.Batch.AnswerAsync(query, new BackgroundThreads(threads), cancellation))
            yield return BatchMapping.ToWire(part, query, request.PropertyMask, shop.Questionnaires.Meanings);
    }

    private static async Task<Shop> OpenAsync(ShopLocation store, CancellationToken cancellation)
    {
        try { return await StoredShop.OpenAsync(store, cancellation); }
        catch (StoreInUseException problem) { throw new InputException($"{problem.Message} Or ask the server that has it, with --address."); }
    }

    public static async IAsyncEnumerable<RecommendBatchResponse> OfServer(
        Uri address, string? key, RecommendBatchRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var channel = GrpcChannel.ForAddress(address);
        Metadata headers = key is null ? [] : new Metadata { { "authorization", $"Bearer {key}" } };
        using var call = new RecommendationService.RecommendationServiceClient(channel).RecommendBatch(request, headers, cancellationToken: cancellation);
        await foreach (var message in call.ResponseStream.ReadAllAsync(cancellation)) yield return message;
    }
}
