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
    // Messages are a megabyte; but one person's list of a thousand items with long descriptions may be more.
    private const int LargestMessage = 64 << 20;

    public static async IAsyncEnumerable<RecommendBatchResponse> OfStore(
        ShopLocation store, BatchChunks chunks, string token, int threads, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var shop = await OpenAsync(store, cancellation);
        var background = new BackgroundThreads(threads);
        await foreach (var message in chunks.AskAsync(token, Answers, cancellation)) yield return message;

        IAsyncEnumerable<RecommendBatchResponse> Answers(RecommendBatchRequest request)
        {
            var query = BatchMapping.FromWire(request);
            return shop.Batch.AnswerAsync(query, request.PropertyMask, background, cancellation).Select(part => BatchMapping.ToWire(part, query));
        }
    }

    private static async Task<Shop> OpenAsync(ShopLocation store, CancellationToken cancellation)
    {
        try { return await StoredShop.OpenAsync(store, cancellation); }
        catch (StoreInUseException problem) { throw new InputException($"{problem.Message} Or ask the server that has it, with --address."); }
    }

    public static async IAsyncEnumerable<RecommendBatchResponse> OfServer(
        ServerAccess server, BatchChunks chunks, string token, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var handler = server.Handler();
        var options = new GrpcChannelOptions { MaxReceiveMessageSize = LargestMessage, HttpHandler = handler };
        using var channel = GrpcChannel.ForAddress(server.Address, options);
        var client = new RecommendationService.RecommendationServiceClient(channel);
        await foreach (var message in chunks.AskAsync(token, Answers, cancellation)) yield return message;

        IAsyncEnumerable<RecommendBatchResponse> Answers(RecommendBatchRequest request) =>
            AnswersAsync(client, server.Headers, request, cancellation);
    }

    private static async IAsyncEnumerable<RecommendBatchResponse> AnswersAsync(
        RecommendationService.RecommendationServiceClient client, Metadata headers, RecommendBatchRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var call = client.RecommendBatch(request, headers, cancellationToken: cancellation);
        await foreach (var message in call.ResponseStream.ReadAllAsync(cancellation)) yield return message;
    }
}
