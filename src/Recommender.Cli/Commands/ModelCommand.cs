using System.CommandLine;

namespace Recommender.Cli.Commands;

/// <summary>The versions of a shop's model: which there are, which is live, and what takes its place.</summary>
internal static class ModelCommand
{
    public static Command Create() => new("model", "The versions of a shop's model.")
    {
        ModelListCommand.Create(),
        ModelPublishCommand.Create(),
        ModelRollBackCommand.Create(),
    };
}
