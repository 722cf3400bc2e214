namespace Recommender.Interactions;

/// <summary>
/// A sparse matrix of confidences in compressed rows (CSR): the interactions of row r are the positions
/// <c>RowStarts[r]</c> to <c>RowStarts[r + 1] - 1</c> of the other two arrays, in ascending order of their columns. Immutable.
/// </summary>
public sealed class InteractionMatrix
{
    private readonly long[] _rowStarts;
    private readonly int[] _columns;
    private readonly float[]? _confidences;

    /// <param name="columnCount">Number of columns.</param>
    /// <param name="rowStarts">One more than there are rows; starts at 0, never falls, ends at the number of interactions.</param>
    /// <param name="columns">Ascending within a row.</param>
    /// <param name="confidences">As many as columns; null where every confidence is 1.</param>
    /// <exception cref="ArgumentException">The arrays contradict each other, or a confidence is not positive and finite.</exception>
    public InteractionMatrix(int columnCount, long[] rowStarts, int[] columns, float[]? confidences)
    {
        if (rowStarts.Length == 0 || rowStarts[0] != 0 || rowStarts[^1] != columns.Length)
            throw new ArgumentException($"Row starts must go from 0 to the number of interactions, {columns.Length}.", nameof(rowStarts));
        if (confidences is not null && confidences.Length != columns.Length)
            throw new ArgumentException($"{confidences.Length} confidences for {columns.Length} interactions.", nameof(confidences));
        for (int row = 0; row + 1 < rowStarts.Length; row++)
        {
            if (rowStarts[row + 1] < rowStarts[row] || rowStarts[row + 1] > columns.Length) throw new ArgumentException($"Row {row} ends at {rowStarts[row + 1]}, before it starts or after the last interaction.", nameof(rowStarts));
            int before = -1;
            foreach (int column in columns.AsSpan((int)rowStarts[row], (int)(rowStarts[row + 1] - rowStarts[row])))
            {
                if (column <= before || column >= columnCount)
                    throw new ArgumentException($"Row {row} has column {column} after {before}; columns ascend and are below {columnCount}.", nameof(columns));
                before = column;
            }
        }
        foreach (float confidence in confidences ?? [])
        {
            if (!(confidence > 0 && float.IsFinite(confidence)))
                throw new ArgumentException($"A confidence is {confidence}; it must be positive and finite.", nameof(confidences));
        }
        (ColumnCount, _rowStarts, _columns, _confidences) = (columnCount, rowStarts, columns, confidences);
    }

    public int RowCount => _rowStarts.Length - 1;

    public int ColumnCount { get; }

    /// <summary>Number of interactions.</summary>
    public long Count => _columns.Length;

    /// <summary>Whether every confidence is 1, so that none are kept.</summary>
    public bool IsBinary => _confidences is null;

    internal ReadOnlySpan<long> RowStarts => _rowStarts;

    internal ReadOnlySpan<int> Columns => _columns;

    internal ReadOnlySpan<float> Confidences => _confidences;

    public InteractionRow Row(int row)
    {
        int start = (int)_rowStarts[row], length = (int)(_rowStarts[row + 1] - start);
        return new InteractionRow(_columns.AsSpan(start, length), _confidences is null ? default : _confidences.AsSpan(start, length));
    }

    /// <summary>Columns become rows. One counting sort: linear time, and the ascending order comes of itself.</summary>
    public InteractionMatrix Transpose()
    {
        var starts = new long[ColumnCount + 1];
        foreach (int column in _columns) starts[column + 1]++;
        for (int column = 0; column < ColumnCount; column++) starts[column + 1] += starts[column];
        long[] next = starts[..^1];
        var rows = new int[_columns.Length];
        float[]? confidences = _confidences is null ? null : new float[_columns.Length];
        for (int row = 0; row < RowCount; row++)
        {
            for (long at = _rowStarts[row]; at < _rowStarts[row + 1]; at++)
            {
                long to = next[_columns[at]]++;
                rows[to] = row;
                if (confidences is not null) confidences[to] = _confidences![at];
            }
        }
        return new InteractionMatrix(RowCount, starts, rows, confidences);
    }

    /// <summary>A matrix of confidence 1 from pairs in any order; a pair that comes twice counts once.</summary>
    public static InteractionMatrix FromPairs(int rowCount, int columnCount, IEnumerable<(int Row, int Column)> pairs)
    {
        var rows = new List<int>[rowCount];
        foreach ((int row, int column) in pairs) (rows[row] ??= []).Add(column);
        var starts = new long[rowCount + 1];
        var columns = new List<int>();
        for (int row = 0; row < rowCount; row++)
        {
            int before = -1;
            if (rows[row] is { } ofRow)
            {
                ofRow.Sort();
                foreach (int column in ofRow)
                {
                    if (column != before) columns.Add(column);
                    before = column;
                }
            }
            starts[row + 1] = columns.Count;
        }
        return new InteractionMatrix(columnCount, starts, [.. columns], confidences: null);
    }
}

/// <summary>The interactions of one row.</summary>
/// <param name="columns">Ascending.</param>
/// <param name="confidences">As many as columns, or empty where every confidence is 1.</param>
public readonly ref struct InteractionRow(ReadOnlySpan<int> columns, ReadOnlySpan<float> confidences)
{
    public ReadOnlySpan<int> Columns { get; } = columns;

    public ReadOnlySpan<float> Confidences { get; } = confidences;

    public int Length => Columns.Length;

    public float Confidence(int index) => Confidences.IsEmpty ? 1 : Confidences[index];

    /// <summary>Sum of the confidences.</summary>
    public float Total => Confidences.IsEmpty ? Length : System.Numerics.Tensors.TensorPrimitives.Sum(Confidences);
}
