using Recommender.Interactions;

namespace Recommender.Evaluation;

/// <summary>
/// Data in which there is nothing to find. Whatever scores above popularity (or, by labels that are items drawn blindly, above chance) on
/// it has seen what it was asked for.
/// </summary>
public static class Shuffled
{
    /// <summary>
    /// Deals all interactions of training and test out again, blindly: every customer keeps the numbers of items they had in each, every
    /// item the number of customers, and who has what means nothing. Test and training of a customer still have no item in common.
    /// </summary>
    public static HoldOut Interactions(HoldOut split, ulong seed)
    {
        InteractionMatrix train = split.Train.Matrix, test = split.Test;
        var starts = new int[train.RowCount + 1];
        for (int row = 0; row < train.RowCount; row++) starts[row + 1] = starts[row] + train.Row(row).Length + test.Row(row).Length;
        var columns = new int[starts[^1]];
        for (int row = 0; row < train.RowCount; row++)
        {
            train.Row(row).Columns.CopyTo(columns.AsSpan(starts[row]));
            test.Row(row).Columns.CopyTo(columns.AsSpan(starts[row] + train.Row(row).Length));
        }
        var random = new SplitMix64(seed);
        random.Shuffle<int>(columns);
        List<(int Row, int At)> twice = SwapRepeats(columns, starts, ref random);
        // What could not be placed, because a customer has nearly everything, is left out.
        foreach ((int _, int at) in twice) columns[at] = -1;
        IEnumerable<(int, int)> Part(bool ofTest) => Enumerable.Range(0, train.RowCount).SelectMany(row => columns
            .Skip(starts[row] + (ofTest ? train.Row(row).Length : 0)).Take(ofTest ? test.Row(row).Length : train.Row(row).Length)
            .Where(column => column >= 0).Select(column => (row, column)));
        return new HoldOut(split.Train with { Matrix = InteractionMatrix.FromPairs(train.RowCount, train.ColumnCount, Part(ofTest: false)) },
            InteractionMatrix.FromPairs(train.RowCount, train.ColumnCount, Part(ofTest: true)));
    }

    /// <summary>Gives every customer with test items the test items of another one, chosen blindly. What people want in general is still in them.</summary>
    public static InteractionMatrix Labels(InteractionMatrix test, ulong seed)
    {
        int[] rows = [.. Enumerable.Range(0, test.RowCount).Where(row => test.Row(row).Length > 0)], from = [.. rows];
        var random = new SplitMix64(seed);
        random.Shuffle<int>(from);
        return InteractionMatrix.FromPairs(test.RowCount, test.ColumnCount,
            rows.Zip(from).SelectMany(pair => test.Row(pair.Second).Columns.ToArray().Select(column => (pair.First, column))));
    }

    // An item that a customer was dealt twice changes places with one dealt to somebody else, where both then have it once.
    private static List<(int Row, int At)> SwapRepeats(int[] columns, int[] starts, ref SplitMix64 random)
    {
        const int Attempts = 200;
        var hands = new HashSet<int>[starts.Length - 1];
        var repeats = new List<(int Row, int At)>();
        for (int row = 0; row < hands.Length; row++)
        {
            hands[row] = [];
            for (int at = starts[row]; at < starts[row + 1]; at++)
            {
                if (!hands[row].Add(columns[at])) repeats.Add((row, at));
            }
        }
        var pending = repeats.Select(repeat => repeat.At).ToHashSet();
        var unplaced = new List<(int Row, int At)>();
        foreach ((int row, int at) in repeats)
        {
            int attempt = 0;
            while (attempt < Attempts && !TrySwap(row, at, random.Below(columns.Length))) attempt++;
            if (attempt == Attempts) unplaced.Add((row, at));
            else pending.Remove(at);
        }
        return unplaced;

        bool TrySwap(int row, int at, int with)
        {
            if (pending.Contains(with)) return false;
            int other = Array.BinarySearch(starts, with);
            // Rows without items start where the next one does; the last of them owns the position.
            for (other = other < 0 ? ~other - 1 : other; starts[other + 1] <= with; other++) { }
            if (other == row || hands[row].Contains(columns[with]) || hands[other].Contains(columns[at])) return false;
            hands[other].Remove(columns[with]);
            hands[other].Add(columns[at]);
            hands[row].Add(columns[with]);
            (columns[at], columns[with]) = (columns[with], columns[at]);
            return true;
        }
    }
}
