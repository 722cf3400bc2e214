using System.CommandLine;

namespace Recommender.Cli.Commands;

/// <summary>The options that several commands have, so that they are called the same everywhere.</summary>
internal static class SharedOptions
{
    public static Option<DirectoryInfo> Folder() => new("--data")
    {
        Description = "The shop's folder: its database, models and recipe.json.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => new DirectoryInfo("shop"),
    };

    public static Option<bool> Json() => new("--json") { Description = "Answer with JSON on standard output." };

    public static Option<FileInfo?> RecipeFile() => new("--recipe")
    {
        Description = "How to learn, as JSON (models/README.md). Without it: the shop's recipe.json, or the defaults.",
        HelpName = "FILE",
    };

    public static Option<int> Threads()
    {
        var option = new Option<int>("--threads")
        {
            Description = "Cores to use. The result does not depend on it.",
            HelpName = "N",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1024) result.AddError($"--threads must be 1 to 1024, it is {result.GetValueOrDefault<int>()}");
        });
        return option;
    }

    public static Option<int> Count(int otherwise)
    {
        var option = new Option<int>("--count") { Description = "How many items.", HelpName = "N", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10_000) result.AddError($"--count must be 1 to 10000, it is {result.GetValueOrDefault<int>()}");
        });
        return option;
    }
}
