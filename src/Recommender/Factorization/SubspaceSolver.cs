namespace Recommender.Factorization;

/// <summary>
/// iALS++ (Rendle, Krichene, Zhang, Koren 2021): of each row a block of factors at a time is solved exactly while the others stand
/// still, a Newton step on a few coordinates. With one block of all factors that is the exact solution of the row.
/// </summary>
/// <remarks>
/// The scores of a row's own interactions are kept up to date, so the gradient of a block costs only its own columns. The step d of
/// block b is <c>(a0 G_bb + sum c y_b y_b' + ridge) d = a0 (G x)_b + sum c (y.x - 1) y_b + ridge x_b</c>, then <c>x_b -= d</c>.
/// </remarks>
internal sealed unsafe class SubspaceSolver : BlockSolver
{
    // Interactions of a row that are copied at a time.
    private const int Capacity = 4096;

    private readonly FactorizationOptions _options;
    private readonly VectorKernels _kernels;
    private readonly FactorMatrix _against;
    private readonly FactorMatrix _gramian;
    private readonly FactorMatrix _strips;
    private readonly int _width;
    private readonly FactorMatrix _solution;
    private readonly FactorMatrix _product;
    private readonly FactorMatrix _system;
    private readonly FactorMatrix _step;
    private readonly FactorMatrix _panel;
    private readonly FactorMatrix _targets;
    private readonly int[] _starts;
    private FactorMatrix _scores = new(1, Capacity);

    /// <param name="options">The objective and the width of a block.</param>
    /// <param name="kernels">Register width.</param>
    /// <param name="against">The side that stands still.</param>
    /// <param name="gramian">a0 Y'Y of it.</param>
    /// <param name="strips">The same, in <see cref="Gramian.Strips"/>.</param>
    public SubspaceSolver(FactorizationOptions options, VectorKernels kernels, FactorMatrix against, FactorMatrix gramian, FactorMatrix strips)
    {
        (_options, _kernels, _against, _gramian, _strips) = (options, kernels, against, gramian, strips);
        _width = Math.Min(against.Stride, FactorMatrix.StrideFor(options.SubspaceBlock));
        _solution = new FactorMatrix(HalfStep.BlockRows(against.Stride), against.Factors);
        _product = new FactorMatrix(HalfStep.BlockRows(against.Stride), against.Factors);
        _starts = new int[HalfStep.BlockRows(against.Stride) + 1];
        _system = new FactorMatrix(_width, _width);
        _step = new FactorMatrix(1, _width);
        _panel = new FactorMatrix(Capacity, _width);
        _targets = new FactorMatrix(1, Capacity);
    }

    /// <inheritdoc/>
    public override void Solve(RowBlock block, RowBlock next, FactorMatrix solving)
    {
        int stride = solving.Stride, rows = (block.Count + VectorKernels.BlockRows - 1) / VectorKernels.BlockRows * VectorKernels.BlockRows;
        float* x = _solution.Start;
        _solution.Padded[..(rows * stride)].Clear();
        for (int z = 0; z < block.Count; z++)
        {
            // A row with no interactions has no preferences: the zero vector is its exact solution.
            if (block.Length(z) > 0) Row(solving.Start, block.First + z, stride).CopyTo(Row(x, z, stride));
            _starts[z + 1] = _starts[z] + VectorKernels.PanelLength(block.Length(z));
        }
        StartScores(block, stride);
        for (int from = 0; from < stride; from += _width)
        {
            int width = Math.Min(_width, stride - from);
            _kernels.MultiplyStrips(x, rows, _strips.Start, stride, from, from + width, _product.Start);
            for (int z = 0; z < block.Count; z++)
            {
                if (block.Length(z) > 0) SolveColumns(block, z, from, width);
            }
        }
        for (int z = 0; z < block.Count; z++) Row(x, z, stride).CopyTo(Row(solving.Start, block.First + z, stride));
    }

    // The products of the rows as they start with what they interact with, times the root of the confidence as everything of a panel is.
    private void StartScores(RowBlock block, int stride)
    {
        int total = _starts[block.Count];
        if (_scores.Stride < total) _scores = new FactorMatrix(1, total * 2);
        _scores.Padded[..total].Clear();
        for (int z = 0; z < block.Count; z++)
        {
            for (int from = 0; from < stride; from += _width)
            {
                int width = Math.Min(_width, stride - from);
                for (int first = 0; first < block.Length(z); first += Capacity)
                {
                    int count = Gather(block, z, first, from, width);
                    _kernels.AddScores(_panel.Start, count, width, 1, _solution.Start + z * stride + from, _scores.Start + _starts[z] + first);
                }
            }
        }
    }

    private void SolveColumns(RowBlock block, int z, int from, int width)
    {
        int stride = _against.Stride;
        float* x = _solution.Start + z * stride + from, step = _step.Start, system = _system.Start, scores = _scores.Start + _starts[z];
        float ridge = _options.Ridge(block.Confidence(z), _against.Rows);
        for (int i = 0; i < width; i++)
        {
            new ReadOnlySpan<float>(_gramian.Start + (nint)(from + i) * stride + from, width).CopyTo(new Span<float>(system + i * width, width));
            system[i * width + i] += ridge;
            step[i] = _product.Start[z * stride + from + i] + ridge * x[i];
        }
        for (int first = 0; first < block.Length(z); first += Capacity)
        {
            int count = Gather(block, z, first, from, width);
            _kernels.AddErrors(_panel.Start, _targets.Start, scores + first, count, width, step);
            _kernels.AddGramian(_panel.Start, count, width, system);
        }
        if (!_kernels.FactorTriangle(system, width, width))
        {
            // Only numbers that are not finite make it so; what watches over the training names the row.
            new Span<float>(x, width).Fill(float.NaN);
            return;
        }
        _kernels.SolveTriangle(system, width, width, step);
        for (int i = 0; i < width; i++) x[i] -= step[i];
        bool gathered = block.Length(z) <= Capacity;
        for (int first = 0; first < block.Length(z); first += Capacity)
        {
            int count = gathered ? VectorKernels.PanelLength(block.Length(z)) : Gather(block, z, first, from, width);
            _kernels.AddScores(_panel.Start, count, width, -1, step, scores + first);
        }
    }

    // How many rows the panel then has.
    private int Gather(RowBlock block, int z, int first, int from, int width)
    {
        int count = Math.Min(Capacity, block.Length(z) - first);
        float* weights = block.Confidences(z);
        _kernels.Gather(_against.Start + from, block.Columns(z) + first, weights == null ? null : weights + first, count, _against.Stride, width,
            _panel.Start, _targets.Start);
        return VectorKernels.PanelLength(count);
    }
}
