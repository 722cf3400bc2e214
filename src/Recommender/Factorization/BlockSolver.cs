namespace Recommender.Factorization;

/// <summary>One thread's way of solving the rows of a block; owns its scratch memory.</summary>
internal abstract class BlockSolver
{
    /// <summary>Solves the block's rows of <paramref name="solving"/> in place.</summary>
    /// <param name="block">Rows to solve.</param>
    /// <param name="next">Those that come next, if any: what they need may be asked for.</param>
    /// <param name="solving">Holds the rows.</param>
    public abstract void Solve(RowBlock block, RowBlock next, FactorMatrix solving);

    protected static unsafe Span<float> Row(float* start, int row, int stride) => new(start + (nint)row * stride, stride);
}
