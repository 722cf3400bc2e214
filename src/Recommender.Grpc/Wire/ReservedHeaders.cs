using System.Collections.Frozen;

namespace Recommender.Grpc.Wire;

/// <summary>Headers that belong to the protocol and are no part of a call's metadata.</summary>
internal static class ReservedHeaders
{
    private static readonly FrozenSet<string> _names = new[]
    {
        "content-type", "te", "content-length", "content-encoding", "accept-encoding", "host", "date", "server", "transfer-encoding",
        "grpc-timeout", "grpc-encoding", "grpc-accept-encoding", "grpc-status", "grpc-message",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) => name.StartsWith(':') || _names.Contains(name);
}
