using Grpc.Core;
using Recommender.LifeCycle;
using Recommender.Server.Errors;

namespace Recommender.Server.Relationships;

/// <summary>Stages as they are written outside: exploration, awareness, expansion, engagement, dissolution.</summary>
internal static class StageNames
{
    private static readonly string[] _names = [.. Enum.GetNames<LifeCycleStage>().Select(name => name.ToLowerInvariant())];

    /// <summary>In the order of a relationship.</summary>
    public static IReadOnlyList<string> All => _names;

    public static string Of(LifeCycleStage stage) => _names[(int)stage];

    /// <exception cref="RefusedException">There is no such stage; names the nearest.</exception>
    public static LifeCycleStage Parse(string name) => Array.IndexOf(_names, name) is >= 0 and var stage
        ? (LifeCycleStage)stage
        : throw new RefusedException(StatusCode.InvalidArgument, $"there is no stage \"{name}\"{NearestName.Hint(name, _names)} Stages are {string.Join(", ", _names)}",
            [new("stage", $"is \"{name}\"; stages are {string.Join(", ", _names)}")]);
}
