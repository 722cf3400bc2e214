using System.CommandLine;
using System.Globalization;
using Recommender.Cli.Terminal;
using Recommender.Storage;

namespace Recommender.Cli.Commands;

/// <summary>The options that several commands have, so that they are called the same everywhere.</summary>
internal static class SharedOptions
{
    // A password on a command line is there for everybody on the machine to see; in the environment it is not.
    private const string StoreVariable = "RECOMMENDER_STORE";

    public static Option<ShopLocation?> Store() => Location("--store",
        $"Where the shop is: a folder, or the URI of a MongoDB (mongodb://, mongodb+srv://). Without it: what {StoreVariable} says, or the folder shop.",
        "--data");

    public static Option<ShopLocation?> Location(string name, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "LOCATION",
        CustomParser = result =>
        {
            try { return ShopLocation.Parse(result.Tokens[0].Value); }
            catch (ArgumentException problem)
            {
                result.AddError(problem.Message);
                return null;
            }
        },
    };

    /// <exception cref="InputException">The environment names no place that there could be.</exception>
    public static ShopLocation StoreOf(this ParseResult parsed, Option<ShopLocation?> store)
    {
        if (parsed.GetValue(store) is { } given) return given;
        string text = Environment.GetEnvironmentVariable(StoreVariable) is { Length: > 0 } named ? named : "shop";
        try { return ShopLocation.Parse(text); }
        catch (ArgumentException problem) { throw new InputException($"{StoreVariable}: {problem.Message}"); }
    }

    public static Option<bool> Json() => new("--json") { Description = "Answer with JSON on standard output." };

    public static Option<FileInfo?> RecipeFile(string otherwise) => new("--recipe")
    {
        Description = $"How to learn, as JSON (models/README.md). Without it: {otherwise}.",
        HelpName = "FILE",
    };

    public static Option<string?> UserColumn(string description) => new("--user-column") { Description = description, HelpName = "NAME" };

    public static Option<int> Threads() => new Option<int>("--threads")
    {
        Description = "Cores to use. The result does not depend on it.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    }.Within(1, 1024);

    public static Option<DirectoryInfo?> Checkpoint(string otherwise) => new("--checkpoint")
    {
        Description = $"Where a training that is stopped leaves how far it came; the same command then goes on from there. Without it: {otherwise}.",
        HelpName = "FOLDER",
    };

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
