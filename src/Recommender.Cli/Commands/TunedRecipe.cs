using System.Globalization;
using System.Text;
using Recommender.Cli.Terminal;
using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Tuning;

namespace Recommender.Cli.Commands;

/// <summary>The file that a tuning leaves behind: a recipe, headed by where it comes from.</summary>
internal static class TunedRecipe
{
    /// <exception cref="InputException">There is such a file, and it is not to be overwritten; or its folder is missing.</exception>
    public static void RequireRoom(FileInfo file, bool force)
    {
        if (file.Exists && !force) throw new InputException($"{file} is there already; --force overwrites it");
        if (file.Directory is not { Exists: true }) throw new InputException($"there is no folder {file.DirectoryName}");
    }

    /// <summary>The whole file at once: an interrupted write leaves the old one, or none.</summary>
    public static void Write(FileInfo file, string text, bool force)
    {
        string unfinished = $"{file.FullName}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(unfinished, text);
            File.Move(unfinished, file.FullName, force);
        }
        finally { File.Delete(unfinished); }
    }

    /// <param name="command">Which made it, for those who want to do it again.</param>
    /// <param name="at">When.</param>
    public static string Text(TuningResult result, TrainingSet set, Objective objective, ulong seed, string command, DateTimeOffset at)
    {
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"// Tuned {at:yyyy-MM-dd} in {result.Trials} trials, seed {seed}: {result.Verdict}.")
            .AppendLine(CultureInfo.InvariantCulture, $"//   {command}")
            .AppendLine(CultureInfo.InvariantCulture,
                $"// Data {result.DataFingerprint[..16]}: {set.People.Count:N0} people, {set.Items.Count:N0} items, {set.Matrix.Count:N0} interactions.");
        if (result.Search is { } search) text.AppendLine($"// {Compared("Where it was searched", search, objective)}");
        if (result.Confirmation is { } confirmation)
            text.AppendLine($"// {Compared("Where it was confirmed, on what the search never saw", confirmation, objective)}");
        return text.AppendLine(result.Recipe.ToJson()).ToString().ReplaceLineEndings("\n");
    }

    /// <summary>Both recipes' figures and the difference, each with its 95 % interval.</summary>
    public static string Compared(string where, TuningComparison comparison, Objective objective) => string.Create(CultureInfo.InvariantCulture,
        $"{where}: {objective} of what was found {Text(comparison.Best, "0.0000")}, the start {Text(comparison.Start, "0.0000")}, gain {Text(comparison.Gain, "+0.0000;-0.0000")}, {comparison.Customers} customers.");

    private static string Text(Interval interval, string format) => string.Create(CultureInfo.InvariantCulture,
        $"{interval.Mean.ToString(format, CultureInfo.InvariantCulture)} ({interval.Low.ToString(format, CultureInfo.InvariantCulture)} to {interval.High.ToString(format, CultureInfo.InvariantCulture)})");
}
