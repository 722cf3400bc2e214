using Recommender.Interactions;

namespace Recommender.Factorization;

/// <summary>The interactions of consecutive rows, pinned for as long as it is used.</summary>
internal readonly unsafe struct RowBlock(InteractionMatrix interactions, int* columns, float* confidences, int first, int count)
{
    /// <summary>Number of the first row.</summary>
    public int First => first;

    /// <summary>How many rows.</summary>
    public int Count => count;

    /// <summary>Interactions of a row of the block.</summary>
    public int Length(int row) => (int)(interactions.RowStarts[first + row + 1] - interactions.RowStarts[first + row]);

    public int* Columns(int row) => columns + interactions.RowStarts[first + row];

    /// <summary>Null where every confidence is 1.</summary>
    public float* Confidences(int row) => interactions.IsBinary ? null : confidences + interactions.RowStarts[first + row];

    /// <summary>Sum of a row's confidences.</summary>
    public float Confidence(int row) => interactions.Row(first + row).Total;

    /// <summary>The interactions of all rows, which follow each other.</summary>
    public ReadOnlySpan<int> AllColumns => new(Columns(0), (int)(interactions.RowStarts[first + count] - interactions.RowStarts[first]));
}
