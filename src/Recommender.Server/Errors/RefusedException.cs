using Grpc.Core;

namespace Recommender.Server.Errors;

/// <summary>A request that cannot be answered as it stands. <see cref="ErrorFunnel"/> turns it into a status, and nothing else does.</summary>
internal sealed class RefusedException(StatusCode code, string message, IReadOnlyList<Violation> violations) : Exception(message)
{
    public RefusedException(StatusCode code, string message) : this(code, message, []) { }

    public StatusCode Code { get; } = code;

    public IReadOnlyList<Violation> Violations { get; } = violations;

    /// <summary>Something named by id is not there; names the nearest that is.</summary>
    public static RefusedException NotFound(string what, string id, IEnumerable<string> known) =>
        new(StatusCode.NotFound, $"there is no {what} \"{id}\"{NearestName.Hint(id, known)}");
}

/// <param name="Field">The path of the field in the request, such as <c>events[3].price</c>.</param>
internal readonly record struct Violation(string Field, string Problem);
