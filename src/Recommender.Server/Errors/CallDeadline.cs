using Grpc.Core;
using Recommender.Storage;

namespace Recommender.Server.Errors;

/// <summary>Hands a call's deadline on to whatever the call asks of the store.</summary>
internal static class CallDeadline
{
    /// <summary>From here until it is disposed, for everything awaited in between.</summary>
    public static StoreDeadline.Scope Use(ServerCallContext context) =>
        StoreDeadline.Use(context.Deadline == DateTime.MaxValue ? null : new DateTimeOffset(context.Deadline.ToUniversalTime()));
}
