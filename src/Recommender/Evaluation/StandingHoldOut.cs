using Recommender.Interactions;
using Recommender.Questionnaires;

namespace Recommender.Evaluation;

/// <summary>
/// The pairs of person and item that no version of a shop's model learns, so that any two versions can be compared on what neither has
/// seen. Whether a pair belongs to it depends on nothing but its two ids, so it is the same for a model of last year and one of today.
/// </summary>
public static class StandingHoldOut
{
    // Whoever has fewer items needs every one of them.
    private const int FewestItems = 4;

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
        ulong[] items = [.. Enumerable.Range(0, all.Items.Count).Select(item => HashOf(all.Items[item]))];
        bool[] answers = [.. Enumerable.Range(0, all.Items.Count).Select(item => AnswerColumns.IsColumn(all.Items[item]))];
        var held = new bool[all.Matrix.Count];
        ulong below = (ulong)(share * ulong.MaxValue);
        for (int row = 0; row < all.Matrix.RowCount && share > 0; row++)
        {
            ReadOnlySpan<int> columns = all.Matrix.Row(row).Columns;
            ulong person = HashOf(all.People[row]);
            int most = columns.Length < FewestItems ? 0 : columns.Length / 2;
            for (int k = 0; k < columns.Length && most > 0; k++)
            {
                if (answers[columns[k]] || Mixed(person ^ Mixed(items[columns[k]])) >= below) continue;
                held[all.Matrix.RowStarts[row] + k] = true;
                most--;
            }
        }
        return new HoldOut(all with { HeldOutShare = share, Matrix = HoldOut.Where(all.Matrix, at => !held[at]) }, HoldOut.Where(all.Matrix, at => held[at]));
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
