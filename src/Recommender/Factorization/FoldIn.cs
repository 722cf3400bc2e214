using System.Numerics.Tensors;

namespace Recommender.Factorization;

/// <summary>
/// Solves for the vector of anybody, from their history, against items that stand still:
/// <c>w = A^-1 sum c h</c> with <c>A = a0 H'H + sum c h h' + ridge</c>. Exact up to the rounding of floats. One per thread: it owns
/// all scratch memory and allocates only when a history is longer than any before.
/// </summary>
/// <remarks>
/// In the Gramian's eigenbasis <c>a0 H'H + ridge = D</c> is diagonal. With B the m rows of the history and C their confidences, the
/// Woodbury identity gives <c>w = D^-1 B' t</c>, <c>S t = 1</c>, <c>S = C^-1 + B D^-1 B'</c>, and item i's score is the sum over the
/// history of <c>h_i' A^-1 c_j h_j = (S^-1 B D^-1 h_i)_j</c>: the exact terms of an explanation, for one more m x m solve.
/// Histories longer than there are factors solve A itself, which is then the smaller system.
/// </remarks>
internal sealed unsafe class FoldIn
{
    private readonly FactorMatrix _items;
    private readonly float[] _spectrum;
    private readonly FactorizationOptions _options;
    private readonly VectorKernels _kernels;
    private readonly int _stride;

    private readonly FactorMatrix _vector;
    private readonly FactorMatrix _inverseDiagonal;
    private readonly FactorMatrix _rows;
    private readonly FactorMatrix _scaledRows;
    private readonly FactorMatrix _system;
    private readonly FactorMatrix _solution;
    // Right-hand sides of terms, side by side.
    private readonly FactorMatrix _sides;
    private readonly FactorMatrix _target;
    private float _ridge = float.NaN;
    private int[] _history = new int[64];
    private float[] _confidences = new float[64];
    private int _length;

    /// <param name="items">In the basis in which their Gramian is the diagonal <paramref name="spectrum"/>.</param>
    /// <param name="spectrum">Eigenvalues of the Gramian, one a factor.</param>
    /// <param name="options">Those the items were trained with.</param>
    /// <param name="kernels">Register width.</param>
    public FoldIn(FactorMatrix items, float[] spectrum, FactorizationOptions options, VectorKernels kernels)
    {
        (_items, _spectrum, _options, _kernels, _stride) = (items, spectrum, options, kernels, items.Stride);
        _vector = FactorMatrix.Vector(items.Factors);
        _inverseDiagonal = FactorMatrix.Vector(items.Factors);
        _rows = new FactorMatrix(_stride, items.Factors);
        _scaledRows = new FactorMatrix(_stride, items.Factors);
        _system = new FactorMatrix(_stride, _stride);
        _solution = FactorMatrix.Vector(_stride);
        _sides = new FactorMatrix(_stride * VectorKernels.Sides / FactorMatrix.StrideStep, FactorMatrix.StrideStep);
        _target = FactorMatrix.Vector(items.Factors);
    }

    /// <summary>The vector of the last history, padded to the items' stride.</summary>
    public FactorMatrix Vector => _vector;

    /// <summary>Length of the last history.</summary>
    public int HistoryLength => _length;

    private bool ByWoodbury => _length <= _stride;

    /// <summary>Solves for a history. Confidences are positive, and so large that their reciprocals are finite.</summary>
    public void Solve(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences)
    {
        Remember(items, confidences);
        Span<float> vector = _vector.Padded;
        vector.Clear();
        if (_length == 0) return;
        float ridge = _options.Ridge(TensorPrimitives.Sum(confidences), _items.Rows), unobserved = (float)_options.UnobservedWeight;
        if (ByWoodbury) SolveSmall(vector, ridge, unobserved);
        else SolveLarge(vector, ridge, unobserved);
    }

    /// <summary>The exact terms of an item's score, one for each item of the history in its order; their sum is the score.</summary>
    public void Terms(int item, Span<float> terms)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)_items.Rows, nameof(item));
        Terms(Row(item), terms);
    }

    /// <summary>The same for any vector in the items' space, with its padding: of an item that was not learned but placed.</summary>
    public void Terms(ReadOnlySpan<float> target, Span<float> terms)
    {
        target.CopyTo(_target.Padded);
        Terms(_target, 1, terms);
    }

    /// <summary>The same for several vectors, which cost little more than one.</summary>
    /// <param name="targets">One a row.</param>
    /// <param name="count">How many of its rows; at most <see cref="VectorKernels.Sides"/>.</param>
    /// <param name="terms">All terms of the first, then all of the second ...</param>
    public void Terms(FactorMatrix targets, int count, Span<float> terms)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, VectorKernels.Sides);
        if (ByWoodbury) SmallTerms(targets, count, terms);
        else LargeTerms(targets, count, terms);
    }

    private void SmallTerms(FactorMatrix targets, int count, Span<float> terms)
    {
        Span<float> solution = _solution.Padded, sides = _sides.Padded;
        sides[..(_length * VectorKernels.Sides)].Clear();
        for (int side = 0; side < count; side++)
        {
            _kernels.Score(_scaledRows.Start, RoundUp(_length), _stride, targets.Start + (nint)side * _stride, _solution.Start);
            for (int k = 0; k < _length; k++) sides[k * VectorKernels.Sides + side] = solution[k];
        }
        Cholesky.Solve(_system.Start, _length, FactorMatrix.StrideFor(_length), _sides.Start, count, _kernels);
        for (int side = 0; side < count; side++)
        {
            Span<float> ofSide = terms.Slice(side * _length, _length);
            for (int k = 0; k < ofSide.Length; k++) ofSide[k] = sides[k * VectorKernels.Sides + side];
        }
    }

    private void LargeTerms(FactorMatrix targets, int count, Span<float> terms)
    {
        Span<float> solution = _solution.Padded, sides = _sides.Padded;
        sides[..(_stride * VectorKernels.Sides)].Clear();
        for (int side = 0; side < count; side++)
        {
            for (int j = 0; j < _stride; j++) sides[j * VectorKernels.Sides + side] = targets.Start[side * _stride + j];
        }
        Cholesky.Solve(_system.Start, _stride, _stride, _sides.Start, count, _kernels);
        for (int side = 0; side < count; side++)
        {
            for (int j = 0; j < _stride; j++) solution[j] = sides[j * VectorKernels.Sides + side];
            for (int k = 0; k < _length; k++)
                terms[side * _length + k] = _confidences[k] * TensorPrimitives.Dot<float>(solution, Row(_history[k]));
        }
    }

    private void SolveSmall(Span<float> vector, float ridge, float unobserved)
    {
        Span<float> inverse = _inverseDiagonal.Padded, solution = _solution.Padded;
        if (ridge != _ridge)
        {
            // Many histories have the same ridge: those of as many plain purchases.
            Span<float> ofFactors = inverse[.._spectrum.Length];
            TensorPrimitives.Multiply(_spectrum, unobserved, ofFactors);
            TensorPrimitives.Add(ofFactors, ridge, ofFactors);
            TensorPrimitives.Divide(1, ofFactors, ofFactors);
            _ridge = ridge;
        }
        float* rows = _rows.Start, scaledRows = _scaledRows.Start, system = _system.Start;
        for (int k = 0; k < _length; k++)
        {
            Span<float> row = new(rows + (nint)k * _stride, _stride);
            Row(_history[k]).CopyTo(row);
            TensorPrimitives.Multiply(row, inverse, new Span<float>(scaledRows + (nint)k * _stride, _stride));
        }
        int systemStride = FactorMatrix.StrideFor(_length);
        for (int k = 0; k < _length; k++)
        {
            // Row k of the upper triangle, from the start of the kernel's group of four.
            int first = k & ~3;
            float* row = system + (nint)k * systemStride;
            _kernels.Score(rows + (nint)first * _stride, RoundUp(_length) - first, _stride, scaledRows + (nint)k * _stride, row + first);
            new Span<float>(row + _length, systemStride - _length).Clear();
            row[k] += 1 / _confidences[k];
        }
        Cholesky.Factor(system, _length, systemStride, _kernels);
        solution[.._length].Fill(1);
        // The kernel multiplies what is behind by 0: nothing that an earlier history left there may be infinite or no number.
        solution[_length..].Clear();
        Cholesky.Solve(system, _length, systemStride, _solution.Start, _kernels);
        for (int k = 0; k < _length; k++)
            TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(scaledRows + (nint)k * _stride, _stride), solution[k], vector, vector);
    }

    private void SolveLarge(Span<float> vector, float ridge, float unobserved)
    {
        Span<float> system = _system.Padded;
        system.Clear();
        for (int first = 0; first < _length; first += _stride)
        {
            int count = Math.Min(_stride, _length - first);
            for (int k = 0; k < count; k++)
            {
                float confidence = _confidences[first + k];
                ReadOnlySpan<float> row = Row(_history[first + k]);
                TensorPrimitives.Multiply(row, MathF.Sqrt(confidence), new Span<float>(_rows.Start + (nint)k * _stride, _stride));
                TensorPrimitives.MultiplyAdd(row, confidence, vector, vector);
            }
            _kernels.AddGramian(_rows.Start, count, _stride, _system.Start);
        }
        for (int i = 0; i < _stride; i++) system[i * _stride + i] += (i < _spectrum.Length ? unobserved * _spectrum[i] : 0) + ridge;
        Cholesky.Factor(_system.Start, _stride, _stride, _kernels);
        Cholesky.Solve(_system.Start, _stride, _stride, _vector.Start, _kernels);
    }

    private void Remember(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences)
    {
        if (items.Length != confidences.Length)
            throw new ArgumentException($"{items.Length} items, {confidences.Length} confidences.", nameof(confidences));
        foreach (int item in items) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)_items.Rows, nameof(items));
        if (items.Length > _history.Length)
        {
            _history = new int[items.Length * 2];
            _confidences = new float[items.Length * 2];
        }
        items.CopyTo(_history);
        confidences.CopyTo(_confidences);
        _length = items.Length;
    }

    private ReadOnlySpan<float> Row(int item) => new(_items.Start + (nint)item * _stride, _stride);

    private static int RoundUp(int count) => (count + 3) & ~3;
}
