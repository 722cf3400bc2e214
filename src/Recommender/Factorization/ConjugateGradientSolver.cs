using System.Numerics.Tensors;

namespace Recommender.Factorization;

/// <summary>
/// A few conjugate-gradient steps on each row's normal equations from where the row was (Takacs, Pilaszy, Tikk 2011). The rows of a
/// block go in step, so that their directions meet the Gramian together.
/// </summary>
internal sealed unsafe class ConjugateGradientSolver : BlockSolver
{
    // Below this squared residual a row is solved as far as floats can tell.
    private const float Converged = 1e-12f;

    private readonly FactorizationOptions _options;
    private readonly VectorKernels _kernels;
    private readonly FactorMatrix _against;
    private readonly FactorMatrix _strips;
    private readonly FactorMatrix _solution;
    private readonly FactorMatrix _residual;
    private readonly FactorMatrix _direction;
    private readonly FactorMatrix _product;
    private readonly GatheredRows _gathered;
    private readonly float[] _ridge;
    private readonly float[] _residuals;

    /// <param name="options">The objective and the number of steps.</param>
    /// <param name="kernels">Register width.</param>
    /// <param name="against">The side that stands still.</param>
    /// <param name="strips">a0 Y'Y of it, in <see cref="Gramian.Strips"/>.</param>
    public ConjugateGradientSolver(FactorizationOptions options, VectorKernels kernels, FactorMatrix against, FactorMatrix strips)
    {
        (_options, _kernels, _against, _strips) = (options, kernels, against, strips);
        int rows = HalfStep.BlockRows(against.Stride);
        (_solution, _residual) = (new FactorMatrix(rows, against.Factors), new FactorMatrix(rows, against.Factors));
        (_direction, _product) = (new FactorMatrix(rows, against.Factors), new FactorMatrix(rows, against.Factors));
        (_ridge, _residuals) = (new float[rows], new float[rows]);
        _gathered = new GatheredRows(against, kernels);
    }

    /// <inheritdoc/>
    public override void Solve(RowBlock block, RowBlock next, FactorMatrix solving)
    {
        int stride = solving.Stride, rows = RoundUp(block.Count);
        float* x = _solution.Start, r = _residual.Start, p = _direction.Start, q = _product.Start;
        Span<float> ridge = _ridge, residual = _residuals;
        _solution.Padded[..(rows * stride)].Clear();
        _direction.Padded[..(rows * stride)].Clear();
        for (int z = 0; z < block.Count; z++) Row(solving.Start, block.First + z, stride).CopyTo(Row(x, z, stride));
        _gathered.Take(block);

        // r = b - A x = sum c (1 - y.x) y - a0 G x - ridge x
        Multiply(x, rows, r, next, part: 0);
        for (int z = 0; z < block.Count; z++)
        {
            Span<float> rz = Row(r, z, stride);
            if (block.Length(z) == 0)
            {
                // A row with no interactions has no preferences: the zero vector is its exact solution.
                Row(x, z, stride).Clear();
                residual[z] = 0;
                continue;
            }
            ridge[z] = _options.Ridge(block.Confidence(z), _against.Rows);
            _gathered.Project(block, z, towardsTargets: true, ridge[z], x + z * stride, r + z * stride);
            rz.CopyTo(Row(p, z, stride));
            residual[z] = TensorPrimitives.SumOfSquares<float>(rz);
        }
        for (int step = 1; step <= _options.ConjugateGradientSteps; step++)
        {
            Multiply(p, rows, q, next, step);
            for (int z = 0; z < block.Count; z++)
            {
                if (residual[z] < Converged) continue;
                float* pz = p + z * stride, qz = q + z * stride, rz = r + z * stride;
                float curvature = _gathered.Project(block, z, towardsTargets: false, ridge[z], pz, qz), before = residual[z];
                residual[z] = _kernels.Advance(before / curvature, pz, qz, stride, x + z * stride, rz);
                _kernels.Redirect(residual[z] / before, rz, stride, pz);
            }
        }
        for (int z = 0; z < block.Count; z++) Row(x, z, stride).CopyTo(Row(solving.Start, block.First + z, stride));
    }

    // While the processor multiplies, the memory brings what the next block will gather.
    private void Multiply(float* rows, int count, float* result, RowBlock next, int part)
    {
        const int Step = FactorMatrix.StrideStep;
        int stride = _against.Stride, strips = stride / Step, parts = strips * (_options.ConjugateGradientSteps + 1);
        ReadOnlySpan<int> ahead = next.Count == 0 ? [] : next.AllColumns;
        fixed (int* listed = ahead)
        {
            for (int strip = 0; strip < strips; strip++)
            {
                int from = (int)((long)ahead.Length * (part * strips + strip) / parts), to = (int)((long)ahead.Length * (part * strips + strip + 1) / parts);
                VectorKernels.Prefetch(_against.Start, listed + from, to - from, stride);
                _kernels.MultiplyStrips(rows, count, _strips.Start, stride, strip * Step, (strip + 1) * Step, result);
            }
        }
    }

    private static int RoundUp(int rows) => (rows + VectorKernels.BlockRows - 1) / VectorKernels.BlockRows * VectorKernels.BlockRows;
}
