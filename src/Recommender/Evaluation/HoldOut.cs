using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>What a model may learn, and what it is then asked to find. Both have the same people and items.</summary>
/// <param name="Train">The histories.</param>
/// <param name="Test">What was chosen beyond them, the same rows and columns.</param>
public sealed record HoldOut(TrainingSet Train, InteractionMatrix Test)
{
    /// <summary>
    /// Takes a random part of everybody's items away, so that at least one is left to learn from. It depends on nothing but the
    /// seed and a person's row: neither on threads nor on other people.
    /// </summary>
    /// <param name="all">Everything.</param>
    /// <param name="share">Of each person's items, rounded to the nearest number; above 0 and below 1.</param>
    /// <param name="seed">Which.</param>
    /// <param name="candidates">Columns that may be held out; null for all. Answers to questions are learned from and not to be found.</param>
    /// <exception cref="ArgumentException">Nobody has an item to spare.</exception>
    public static HoldOut AtRandom(TrainingSet all, double share, ulong seed, ItemMask? candidates = null)
    {
        if (share is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "The share that is held out is above 0 and below 1.");
        var held = new bool[all.Matrix.Count];
        int[] positions = [];
        for (int row = 0; row < all.Matrix.RowCount; row++)
        {
            ReadOnlySpan<int> columns = all.Matrix.Row(row).Columns;
            if (positions.Length < columns.Length) positions = new int[columns.Length * 2];
            int length = 0;
            for (int k = 0; k < columns.Length; k++)
            {
                if (candidates is null || candidates[columns[k]]) positions[length++] = k;
            }
            int count = Math.Min(length - 1, (int)Math.Round(share * length));
            if (count <= 0) continue;
            RandomOf(seed, row).Shuffle(positions.AsSpan(0, length));
            foreach (int position in positions.AsSpan(0, count)) held[all.Matrix.RowStarts[row] + position] = true;
        }
        if (!held.Contains(true))
            throw new ArgumentException($"Nobody of {all.Matrix.RowCount} people has items enough to hold {share:0.##} of them out.", nameof(all));
        return new HoldOut(all with { Matrix = Where(all.Matrix, at => !held[at]) }, Where(all.Matrix, at => held[at]));
    }

    /// <summary>
    /// What the same events teach by other weights, without what is held out here, in the numbers of this hold-out: so that models which
    /// read events differently are measured on the same customers and items.
    /// </summary>
    /// <param name="set">People and items are found by their ids; those that are not here are left out.</param>
    public TrainingSet Read(TrainingSet set)
    {
        int[] items = [.. Enumerable.Range(0, set.Items.Count).Select(item => Train.Items.TryGetNumber(set.Items[item], out int number) ? number : -1)];
        var starts = new long[Train.People.Count + 1];
        var columns = new List<int>();
        var confidences = new List<float>();
        var row = new List<(int Column, float Confidence)>();
        for (int person = 0; person < Train.People.Count; person++)
        {
            row.Clear();
            InteractionRow read = set.People.TryGetNumber(Train.People[person], out int number) ? set.Matrix.Row(number) : default;
            for (int k = 0; k < read.Length; k++)
            {
                int column = items[read.Columns[k]];
                if (column >= 0 && Test.Row(person).Columns.BinarySearch(column) < 0) row.Add((column, read.Confidence(k)));
            }
            row.Sort((a, b) => a.Column.CompareTo(b.Column));
            foreach ((int column, float confidence) in row)
            {
                columns.Add(column);
                confidences.Add(confidence);
            }
            starts[person + 1] = columns.Count;
        }
        return set with
        {
            People = Train.People,
            Items = Train.Items,
            Matrix = new InteractionMatrix(Train.Items.Count, starts, [.. columns], [.. confidences]),
            Repeats = set.Repeats?.Renumbered(set.Items, Train.Items),
            Habits = null,
        };
    }

    /// <summary>A generator for each person, so that their draws depend on nobody else.</summary>
    internal static Random RandomOf(ulong seed, int row)
    {
        ulong mixed = seed * 0x9E3779B97F4A7C15 + (ulong)row + 1;
        return new Random((int)(mixed ^ (mixed >> 32)));
    }

    /// <summary>The interactions at the positions that are kept, in their order.</summary>
    internal static InteractionMatrix Where(InteractionMatrix matrix, Func<long, bool> kept) => Where(matrix, (_, at) => kept(at));

    /// <inheritdoc cref="Where(InteractionMatrix, Func{long, bool})"/>
    /// <param name="kept">Asked with the row and the position.</param>
    internal static InteractionMatrix Where(InteractionMatrix matrix, Func<int, long, bool> kept)
    {
        var starts = new long[matrix.RowCount + 1];
        var columns = new List<int>();
        List<float>? confidences = matrix.IsBinary ? null : [];
        for (int row = 0; row < matrix.RowCount; row++)
        {
            InteractionRow ofRow = matrix.Row(row);
            for (int k = 0; k < ofRow.Length; k++)
            {
                if (!kept(row, matrix.RowStarts[row] + k)) continue;
                columns.Add(ofRow.Columns[k]);
                confidences?.Add(ofRow.Confidences[k]);
            }
            starts[row + 1] = columns.Count;
        }
        return new InteractionMatrix(matrix.ColumnCount, starts, [.. columns], confidences?.ToArray());
    }
}
