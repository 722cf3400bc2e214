using Google.Protobuf;
using Grpc.Core;
using Recommender.Protocol.V1;

namespace Recommender.Cli.Load;

/// <summary>A unary call with requests that are encoded already, and answers that are read but not parsed, so that asking costs little.</summary>
/// <param name="Name">For people.</param>
/// <param name="Requests">Sent in turn.</param>
internal sealed record LoadCall(string Name, Method<byte[], LoadCall.Reply> Method, IReadOnlyList<byte[]> Requests)
{
    /// <summary>
    /// The emptiest call a server has, through the same connection, runtime, interceptors and pool of threads: grpc.health.v1.Health/Check
    /// of the server as a whole, two bytes of answer.
    /// </summary>
    public static LoadCall Empty { get; } = new("empty", Raw("grpc.health.v1.Health", "Check"), [[]]);

    public static LoadCall Recommend(IEnumerable<RecommendRequest> requests) => new("Recommend",
        Raw(RecommendationService.Descriptor.FullName, nameof(RecommendationService.RecommendationServiceClient.Recommend)),
        [.. requests.Select(request => request.ToByteArray())]);

    private static Method<byte[], Reply> Raw(string service, string method) => new(MethodType.Unary, service, method,
        Marshallers.Create((bytes, context) => context.Complete(bytes), context => context.PayloadAsNewBuffer()),
        Marshallers.Create<Reply>((_, _) => throw new NotSupportedException("Answers are only read."), _ => Reply.Some));

    /// <summary>That something was answered.</summary>
    internal sealed class Reply
    {
        public static Reply Some { get; } = new();
    }
}
