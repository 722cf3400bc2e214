namespace Recommender.Grpc.Server;

internal static class CallToken
{
    /// <returns>A source cancelled by either token; null where the call's own token says it all (the usual case, free).</returns>
    public static CancellationTokenSource? Combine(CancellationToken ofCall, CancellationToken ofCaller) =>
        ofCaller.CanBeCanceled && ofCaller != ofCall ? CancellationTokenSource.CreateLinkedTokenSource(ofCall, ofCaller) : null;
}
