using System.CommandLine;
using System.Globalization;

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

    public static Option<FileInfo?> RecipeFile(string otherwise) => new("--recipe")
    {
        Description = $"How to learn, as JSON (models/README.md). Without it: {otherwise}.",
        HelpName = "FILE",
    };

    public static Option<int> Threads() => new Option<int>("--threads")
    {
        Description = "Cores to use. The result does not depend on it.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    }.Within(1, 1024);

    public static Option<int> Count(int otherwise) =>
        new Option<int>("--count") { Description = "How many items.", HelpName = "N", DefaultValueFactory = _ => otherwise }.Within(1, 10_000);

    public static Option<int> Port(string name, string description, int otherwise) =>
        new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => otherwise }.Within(0, 65_535);

    /// <summary>Refuses what is not a whole number in the range, naming both.</summary>
    public static TOption Within<TOption>(this TOption option, long from, long to) where TOption : Option
    {
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (!long.TryParse(token.Value, CultureInfo.InvariantCulture, out long number) || number < from || number > to)
                    result.AddError($"{option.Name} must be a whole number from {from} to {to}, it is \"{token.Value}\"");
            }
        });
        return option;
    }
}
