using System.Numerics.Tensors;
using Recommender.Threading;

namespace Recommender.Factorization;

/// <summary>The Gramian H'H of a factor matrix, as a square matrix of the same stride.</summary>
internal static unsafe class Gramian
{
    // A fixed number of blocks, added up in their order, makes the sum the same at any number of threads.
    private const int Blocks = 32;

    /// <summary>scale x H'H. Both triangles are filled; the padding is zero.</summary>
    public static FactorMatrix Of(FactorMatrix factors, float scale, VectorKernels kernels, int threads, CancellationToken cancellation)
    {
        int stride = factors.Stride;
        var sum = new FactorMatrix(stride, stride);
        var partial = new FactorMatrix?[Blocks];
        var options = Cores.Of(threads, cancellation);
        Parallel.For(0, Blocks, options, block =>
        {
            int from = (int)((long)factors.Rows * block / Blocks), to = (int)((long)factors.Rows * (block + 1) / Blocks);
            if (from == to) return;
            var ofBlock = new FactorMatrix(stride, stride);
            kernels.AddGramian(factors.Start + (nint)from * stride, to - from, stride, ofBlock.Start);
            partial[block] = ofBlock;
        });
        Span<float> total = sum.Padded;
        foreach (FactorMatrix? ofBlock in partial)
        {
            if (ofBlock is not null) TensorPrimitives.Add(total, ofBlock.Padded, total);
        }
        TensorPrimitives.Multiply(total, scale, total);
        MirrorUpperTriangle(sum, stride);
        return sum;
    }

    /// <summary>Fills what is below the diagonal of the first <paramref name="size"/> rows and columns.</summary>
    public static void MirrorUpperTriangle(FactorMatrix square, int size)
    {
        float* g = square.Start;
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < row; column++) g[(nint)row * square.Stride + column] = g[(nint)column * square.Stride + row];
        }
    }

    /// <summary>
    /// The same numbers in strips of <see cref="FactorMatrix.StrideStep"/> columns, one strip behind the other: rows that follow each other in
    /// a strip are neighbours in memory, so that a strip does not displace itself from the first cache.
    /// </summary>
    public static FactorMatrix Strips(FactorMatrix square)
    {
        const int Step = FactorMatrix.StrideStep;
        int stride = square.Stride;
        var strips = new FactorMatrix(stride, stride);
        ReadOnlySpan<float> from = square.Padded;
        Span<float> to = strips.Padded;
        for (int column = 0; column < stride; column += Step)
        {
            for (int row = 0; row < stride; row++) from.Slice(row * stride + column, Step).CopyTo(to.Slice(column * stride + row * Step, Step));
        }
        return strips;
    }
}
