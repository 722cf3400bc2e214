using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Recommender.Storage;

namespace Recommender.Cli.Commands;

/// <summary>The options of `evaluate`, and which of them go together.</summary>
internal sealed class EvaluateOptions
{
    public const double DefaultShare = 0.1;
    public const string ByTime = "time", AtRandom = "random", Standing = "standing";

    public Option<FileInfo?> Train { get; } = new("--train")
    {
        Description = "What is learned: lines of `customer item item ...`, gzip or plain. Without it: a shop's events.",
        HelpName = "FILE",
    };

    public Option<FileInfo?> Test { get; } = new("--test")
    {
        Description = "What is to be found, in the same form. Without it a part of --train is held out.",
        HelpName = "FILE",
    };

    public Option<ShopLocation?> Store { get; } = SharedOptions.Store();

    public Option<string?> Split { get; } = new("--split")
    {
        Description = "How a shop's events are split: by time (the newest part of what was chosen), at random, or the standing pairs that no version learns. "
            + "Without it: by time; standing where only versions are measured.",
        HelpName = "time|random|standing",
    };

    public Option<double?> HoldOut { get; } = new("--holdout")
    {
        Description = $"The part that is held out, above 0 and below 1. Without it: {DefaultShare}.",
        HelpName = "SHARE",
    };

    public Option<string[]> Chosen { get; } = new("--chosen")
    {
        Description = "Events that count as chosen in a split by time, with commas between.",
        HelpName = "TYPE,TYPE,...",
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))],
        DefaultValueFactory = _ => ["purchase"],
    };

    public Option<bool> Repeats { get; } = new("--repeats")
    {
        Description = "In a split by time, count what was chosen before too and let it be answered again (consumables).",
    };

    public Option<FileInfo[]> Recipe { get; } = new("--recipe")
    {
        Description = "How to learn, as JSON (models/README.md). Several are compared on the same customers. Without it: the defaults.",
        HelpName = "FILE",
    };

    public Option<string[]> Model { get; } = new("--model")
    {
        Description = "A version of the shop, measured as it is: its id, or `live`. Several are compared.",
        HelpName = "ID",
    };

    public Option<FileInfo[]> MlNet { get; } = new("--mlnet")
    {
        Description = "A matrix factorization that ML.NET saved, measured as it is: people it does not know get nothing. Several are compared.",
        HelpName = "FILE.zip",
    };

    public Option<string?> UserColumn { get; } =
        SharedOptions.UserColumn("The column with the customers in what --mlnet names. Without it: guessed by its name, with a warning.");

    public Option<int[]> Cutoffs { get; } = new("--cutoffs")
    {
        Description = "Lengths of list to measure at, with commas between.",
        HelpName = "N,N,...",
        CustomParser = Lengths,
        DefaultValueFactory = _ => [1, 5, 10, 20, 50],
    };

    public Option<long> Seed { get; } = new Option<long>("--seed")
    {
        Description = "Of the split, the training and the intervals.",
        HelpName = "N",
        DefaultValueFactory = _ => 42,
    }.Within(0, long.MaxValue);

    public Option<bool> Shuffle { get; } = new("--shuffle")
    {
        Description = "Deal out anew who has what before learning: whatever is then far above popularity is a leak, and the command fails.",
    };

    public Option<FileInfo?> Report { get; } = new("--report")
    {
        Description = "Writes a page with plots and everything else that was measured; one file that needs nothing else.",
        HelpName = "FILE.html",
    };

    public Option<DirectoryInfo?> Checkpoint { get; } = SharedOptions.Checkpoint("none is kept");

    public Option<int> Threads { get; } = SharedOptions.Threads();

    public Option<bool> Json { get; } = SharedOptions.Json();

    public IEnumerable<Option> All =>
    [
        Train, Test, Store, Split, HoldOut, Chosen, Repeats, Recipe, Model, MlNet, UserColumn, Cutoffs, Seed, Shuffle, Report, Checkpoint, Threads, Json,
    ];

    /// <summary>Options that contradict each other are the command line's fault, not the data's.</summary>
    public void Validate(CommandResult result)
    {
        bool Has(Option option) => result.GetResult(option) is { Implicit: false };
        void Refuse(bool wrong, string problem)
        {
            if (wrong) result.AddError(problem);
        }

        Refuse(Has(Train) && Has(Store), "--train and --store: name one, files or a shop");
        Refuse(Has(Test) && !Has(Train), "--test needs --train");
        Refuse(Has(Test) && Has(HoldOut), "--test and --holdout: what is to be found is either a file or held out");
        Refuse(Has(Train) && (Has(Split) || Has(Chosen) || Has(Repeats)), "--split, --chosen and --repeats need the events of a shop; files have no times");
        Refuse(Has(Train) && Has(Model), "--model needs --store: versions belong to a shop");
        Refuse(result.GetValue(HoldOut) is not (null or (> 0 and < 1)), $"--holdout must be above 0 and below 1, it is {result.GetValue(HoldOut)}");
        Refuse(result.GetValue(Split) is not (null or ByTime or AtRandom or Standing),
            $"--split must be {ByTime}, {AtRandom} or {Standing}, it is \"{result.GetValue(Split)}\"");
        Refuse(result.GetValue(Split) == Standing && Has(HoldOut), "--split standing has a part of its own; leave --holdout out");
        Refuse(result.GetValue(Split) is AtRandom or Standing && (Has(Chosen) || Has(Repeats)), "--chosen and --repeats need --split time");
        Refuse(Has(UserColumn) && !Has(MlNet), "--user-column needs --mlnet: it says which of a saved model's columns is the customer");
        Refuse((Has(Model) || Has(MlNet)) && result.GetValue(Shuffle), "--shuffle is a check of what is learned; a model that is there has learned already");
    }

    private static int[] Lengths(ArgumentResult result)
    {
        var lengths = new List<int>();
        foreach (string part in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length is >= 1 and <= 10_000) lengths.Add(length);
            else result.AddError($"--cutoffs must be whole numbers from 1 to 10000 with commas between, one of them is \"{part}\"");
        }
        return [.. lengths.Distinct().Order()];
    }
}
