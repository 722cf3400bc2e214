using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>
/// The pairs of person and item that no version of a shop's model learns, so that any two versions can be compared on what neither has
/// seen. Whether a pair belongs to it depends on nothing but its two ids, so it is the same for a model of last year and one of today: not on how
/// much else the person has, or a customer's fourth purchase would turn what was learned before into a question.
/// </summary>
public static class StandingHoldOut
{
    /// <summary>
    /// The part of the pairs that is held out of a log of so many. A small shop needs more to see a difference; where there is too
    /// little to see any, all is learned. The larger shares contain the smaller ones, so a growing shop's hold-outs stay comparable.
    /// </summary>
    public static double ShareOf(long interactions) => interactions switch
    {
        < 5_000 => 0,
        < 100_000 => 0.05,
        < 1_000_000 => 0.02,
        _ => 0.01,
    };

    /// <summary>What is learned, and what both models are asked for.</summary>
    /// <param name="all">Everything.</param>
    /// <param name="share">As of <see cref="ShareOf"/>; 0 leaves the test part empty.</param>
    public static HoldOut Split(TrainingSet all, double share)
    {
        ulong[] hashes = [.. Enumerable.Range(0, all.Items.Count).Select(item => HashOf(all.Items[item]))];
        ItemMask items = AnswerColumns.ItemsAmong(all.Items);
        var held = new bool[all.Matrix.Count];
        ulong below = (ulong)(share * ulong.MaxValue);
        for (int row = 0; row < all.Matrix.RowCount && share > 0; row++)
        {
            // Who was linked with another visitor or account was another person when an earlier version learned of them.
            if (all.LinkedPeople.Contains(row)) continue;
            ReadOnlySpan<int> columns = all.Matrix.Row(row).Columns;
            ulong person = HashOf(all.People[row]);
            for (int k = 0; k < columns.Length; k++)
                held[all.Matrix.RowStarts[row] + k] = items[columns[k]] && Mixed(person ^ Mixed(hashes[columns[k]])) < below;
        }
        // Of whom nothing is left there is nothing to recommend by; their pairs are held out all the same.
        HoldOut parts = new(all with { HeldOutShare = share, Matrix = HoldOut.Where(all.Matrix, at => !held[at]) }, all.Matrix);
        bool Asked(int row) => parts.Train.Matrix.Row(row).Length > 0;
        return parts with { Test = HoldOut.Where(all.Matrix, (row, at) => held[at] && Asked(row)) };
    }

    // FNV-1a over UTF-16 units; it must never change, or models would be asked for what they learned.
    private static ulong HashOf(string id)
    {
        ulong hash = 14695981039346656037;
        foreach (char unit in id) hash = (hash ^ unit) * 1099511628211;
        return Mixed(hash);
    }

    // The finalizer of SplitMix64: every bit of the result depends on every bit of the input.
    private static ulong Mixed(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
