using System.CommandLine;

namespace Recommender.Cli.Commands;

/// <summary>The versions of a shop's model: which there are, which is live, what takes its place, and how they travel.</summary>
internal static class ModelCommand
{
    public static Command Create() => new("model", "The versions of a shop's model.")
    {
        ModelListCommand.Create(),
        ModelPublishCommand.Create(),
        ModelRollBackCommand.Create(),
        ModelShowCommand.Create(),
        ModelImportCommand.Create(),
        ModelExportCommand.Create(),
    };
}
