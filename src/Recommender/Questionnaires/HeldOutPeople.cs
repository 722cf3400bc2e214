using System.Collections.Immutable;
using Recommender.Interactions;

namespace Recommender.Questionnaires;

/// <summary>A training set without the people who play respondents, and those people. The split depends on nothing but the seed.</summary>
public sealed class HeldOutPeople
{
    private HeldOutPeople(TrainingSet training, ImmutableArray<int> rows, TrainingSet all) => (Training, Rows, All) = (training, rows, all);

    /// <summary>What the model may learn from: everybody else, with all columns.</summary>
    public TrainingSet Training { get; }

    /// <summary>Rows of <see cref="All"/> that were held out, in a random order.</summary>
    public ImmutableArray<int> Rows { get; }

    public TrainingSet All { get; }

    /// <param name="all">Everybody.</param>
    /// <param name="share">Part that is held out.</param>
    /// <param name="seed">Who that is.</param>
    /// <exception cref="ArgumentException">Too few people to hold anybody out and to learn from the others.</exception>
    public static HeldOutPeople Split(TrainingSet all, double share, ulong seed)
    {
        int[] people = [.. Enumerable.Range(0, all.Matrix.RowCount)];
        new Random(Fold(seed)).Shuffle(people);
        int count = (int)(people.Length * share);
        if (count < 1 || people.Length - count < 1)
        {
            throw new ArgumentException($"There are {people.Length} customers, and a share of {share} of them would be held out; "
                + "at least one must be held out and one learned from.", nameof(all));
        }
        int[] learned = people[count..];
        Array.Sort(learned);
        return new HeldOutPeople(Part(all, learned), [.. people[..count]], all);
    }

    /// <summary>A seed for each respondent, so that their draws do not depend on the order or thread in which they come.</summary>
    public static Random RandomOf(ulong seed, int row) => new(Fold(seed * 0x9E3779B97F4A7C15 + (ulong)row + 1));

    private static int Fold(ulong seed) => (int)(seed ^ (seed >> 32));

    private static TrainingSet Part(TrainingSet all, int[] rows)
    {
        var people = new VocabularyBuilder();
        var starts = new long[rows.Length + 1];
        var columns = new List<int>();
        List<float>? confidences = all.Matrix.IsBinary ? null : [];
        for (int k = 0; k < rows.Length; k++)
        {
            people.Add(all.People[rows[k]]);
            InteractionRow row = all.Matrix.Row(rows[k]);
            columns.AddRange(row.Columns);
            confidences?.AddRange(row.Confidences);
            starts[k + 1] = columns.Count;
        }
        return all with { People = people.Build(), Matrix = new InteractionMatrix(all.Matrix.ColumnCount, starts, [.. columns], confidences?.ToArray()) };
    }
}
