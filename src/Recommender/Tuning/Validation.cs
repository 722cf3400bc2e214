using System.Globalization;
using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Scoring;

namespace Recommender.Tuning;

/// <summary>Cuts the data into what is learned and two validation parts: one to search on, one to confirm.</summary>
internal static class Validation
{
    /// <summary>Fewer customers than this say nothing about a difference of a few percent.</summary>
    public const int FewestCustomers = 20;

    private const ulong SecondPart = 0x5EC04D;

    /// <summary>The second part is cut first: nothing of it is learned or seen by the search.</summary>
    /// <exception cref="TuningException">Too few customers have items to spare.</exception>
    public static (HoldOut Search, HoldOut Confirm) Split(TrainingSet set, double share, ulong seed)
    {
        try
        {
            HoldOut confirm = HoldOut.AtRandom(set, share, seed ^ SecondPart), search = HoldOut.AtRandom(confirm.Train, share, seed);
            return (WithoutAnswers(search), WithoutAnswers(confirm));
        }
        catch (ArgumentException nobody)
        {
            throw TooLittle("nobody has items to spare", nobody);
        }

        HoldOut WithoutAnswers(HoldOut fold)
        {
            ItemMask items = AnswerColumns.ItemsAmong(set.Items);
            int[] columns = fold.Test.Columns.ToArray();
            HoldOut ofItems = items.Count == set.Items.Count ? fold : fold with { Test = HoldOut.Where(fold.Test, at => items[columns[at]]) };
            int customers = Customers(ofItems).Length;
            return customers >= FewestCustomers ? ofItems
                : throw TooLittle($"only {customers} customers have items to spare, and {FewestCustomers} are the least that can be told from chance");
        }

        TuningException TooLittle(string why, Exception? cause = null)
        {
            string message = string.Create(CultureInfo.InvariantCulture, $"There is too little to tune on: of {set.Matrix.RowCount:N0} people with {set.Matrix.Count:N0} interactions, {why} for a validation part of {share:0.##} of each one's items.");
            return cause is null ? new TuningException(message) : new TuningException(message, cause);
        }
    }

    /// <summary>The rows with something to be found.</summary>
    public static int[] Customers(HoldOut fold) => [.. Enumerable.Range(0, fold.Test.RowCount).Where(row => fold.Test.Row(row).Length > 0)];
}
