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

    public static bool TryParse(string name, out LifeCycleStage stage)
    {
        int found = Array.IndexOf(_names, name);
        stage = (LifeCycleStage)Math.Max(found, 0);
        return found >= 0;
    }

    /// <summary>What is wrong with a name that is none, as the end of a sentence.</summary>
    public static string ProblemWith(string name) => $"is \"{name}\", which is no stage{NearestName.Hint(name, _names)} Stages are {string.Join(", ", _names)}";

    /// <exception cref="RefusedException">There is no such stage; names the nearest.</exception>
    public static LifeCycleStage Parse(string name) => Array.IndexOf(_names, name) is >= 0 and var stage
        ? (LifeCycleStage)stage
        : throw new RefusedException(StatusCode.InvalidArgument, $"there is no stage \"{name}\"{NearestName.Hint(name, _names)} Stages are {string.Join(", ", _names)}",
            [new("stage", $"is \"{name}\"; stages are {string.Join(", ", _names)}")]);
}
