using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Recommender.Factorization;
using Recommender.Threading;

namespace Recommender.Similarity;

/// <summary>
/// Inverts a large symmetric positive definite matrix in place, by sweeping a block of pivots P after the other (Beaton 1964; Goodnight
/// 1979): <c>A_RR -= A_RP A_PP^-1 A_PR</c>, <c>A_PR = A_PP^-1 A_PR</c>, <c>A_PP = -A_PP^-1</c>. After the last one the matrix is -A^-1. It works on the
/// upper triangle, in tiles that depend on nothing but the size, so the bytes are the same at any number of threads. Besides the
/// matrix it takes a panel of <see cref="Panel"/> rows.
/// </summary>
internal static unsafe class SymmetricInverse
{
    /// <summary>Pivots swept at a time.</summary>
    public const int Panel = 64;

    // Columns of a tile: two pieces of the panel this wide stay in the second cache.
    private const int Tile = 512;

    private const int TileRows = 4;

    /// <param name="matrix">As wide as high, all of it set. Replaced by its inverse.</param>
    /// <param name="threads">Cores to use.</param>
    /// <param name="inverted">Called with the number of pivots just swept.</param>
    /// <param name="cancellation">Leaves the matrix half-way.</param>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public static void Invert(FactorMatrix matrix, int threads, Action<int>? inverted, CancellationToken cancellation)
    {
        int size = matrix.Rows, tiles = (size + Tile - 1) / Tile;
        var parallel = Cores.Of(threads, cancellation);
        // Piece t holds columns t x Tile and on of the panel, one row a pivot.
        var pieces = new FactorMatrix[tiles];
        for (int tile = 0; tile < tiles; tile++) pieces[tile] = new FactorMatrix(Panel, Tile);
        var block = new FactorMatrix(Panel, Panel);
        (int Row, int Column)[] upper = [.. from row in Enumerable.Range(0, tiles) from column in Enumerable.Range(row, tiles - row) select (row, column)];
        for (int first = 0; first < size; first += Panel)
        {
            int start = first, count = Math.Min(Panel, size - first);
            CopyBlock(matrix, start, count, block);
            Parallel.For(0, tiles, parallel, tile => Load(matrix, start, count, tile * Tile, pieces[tile], block));
            Parallel.For(0, upper.Length, parallel, k =>
                Update(matrix, upper[k].Row * Tile, pieces[upper[k].Row].Start, upper[k].Column * Tile, pieces[upper[k].Column].Start, count));
            Parallel.For(0, tiles, parallel, tile => Store(matrix, start, count, tile * Tile, pieces[tile], block));
            inverted?.Invoke(count);
        }
        Parallel.For(0, tiles, parallel, tile => MirrorNegated(matrix, tile * Tile));
        GC.KeepAlive(pieces);
    }

    // U' U = A_PP.
    private static void CopyBlock(FactorMatrix matrix, int start, int count, FactorMatrix block)
    {
        block.Padded.Clear();
        for (int k = 0; k < count; k++) matrix.MutableRow(start + k)[(start + k)..(start + count)].CopyTo(block.MutableRow(k)[k..]);
        Cholesky.Factor(block.Start, count, block.Stride, VectorKernels.Best);
    }

    // A piece of U'^-1 A_P; where it meets the pivots, of U'^-1.
    private static void Load(FactorMatrix matrix, int start, int count, int from, FactorMatrix piece, FactorMatrix block)
    {
        piece.Padded.Clear();
        int end = Math.Min(from + Tile, matrix.Rows);
        for (int column = from; column < Math.Min(end, start); column++)
        {
            ReadOnlySpan<float> pivots = matrix.Row(column).Slice(start, count);
            for (int k = 0; k < count; k++) piece.Start[k * Tile + column - from] = pivots[k];
        }
        for (int k = 0; k < count; k++)
        {
            int pivot = start + k, right = Math.Max(from, start + count);
            if (right < end) matrix.Row(pivot)[right..end].CopyTo(piece.MutableRow(k)[(right - from)..]);
            if (pivot >= from && pivot < end) piece.MutableRow(k)[pivot - from] = 1;
        }
        for (int k = 0; k < count; k++)
        {
            Span<float> row = piece.MutableRow(k);
            for (int above = 0; above < k; above++) TensorPrimitives.MultiplyAdd(piece.Row(above), -block.Row(above)[k], row, row);
            TensorPrimitives.Multiply(row, 1 / block.Row(k)[k], row);
        }
    }

    // Left of its diagonal a tile on the diagonal becomes anything: it is never read.
    private static void Update(FactorMatrix matrix, int fromRow, float* left, int fromColumn, float* right, int count)
    {
        int rows = (int)Math.Min(Tile, FactorMatrix.PaddedRows(matrix.Rows) - fromRow), columns = Math.Min(Tile, matrix.Stride - fromColumn);
        for (int row = 0; row < rows; row += TileRows)
        {
            float* target = matrix.Start + (nint)(fromRow + row) * matrix.Stride + fromColumn;
            for (int column = 0; column < columns; column += 2 * Vector<float>.Count)
                Subtract(left + row, right + column, count, target + column, matrix.Stride);
        }
    }

    // Eight sums stay in registers: four rows by two vectors of columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(float* left, float* right, int count, float* target, nint stride)
    {
        Vector<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        for (int k = 0; k < count; k++, left += Tile, right += Tile)
        {
            Vector<float> a = Vector.Load(right), b = Vector.Load(right + Vector<float>.Count), v = new(left[0]);
            a0 = Vector.MultiplyAddEstimate(a, v, a0);
            b0 = Vector.MultiplyAddEstimate(b, v, b0);
            v = new(left[1]);
            a1 = Vector.MultiplyAddEstimate(a, v, a1);
            b1 = Vector.MultiplyAddEstimate(b, v, b1);
            v = new(left[2]);
            a2 = Vector.MultiplyAddEstimate(a, v, a2);
            b2 = Vector.MultiplyAddEstimate(b, v, b2);
            v = new(left[3]);
            a3 = Vector.MultiplyAddEstimate(a, v, a3);
            b3 = Vector.MultiplyAddEstimate(b, v, b3);
        }
        SubtractPair(target, a0, b0);
        SubtractPair(target + stride, a1, b1);
        SubtractPair(target + 2 * stride, a2, b2);
        SubtractPair(target + 3 * stride, a3, b3);
    }

    private static void SubtractPair(float* target, Vector<float> a, Vector<float> b)
    {
        Vector.Store(Vector.Load(target) - a, target);
        Vector.Store(Vector.Load(target + Vector<float>.Count) - b, target + Vector<float>.Count);
    }

    // A_PP^-1 A_P = U^-1 (U'^-1 A_P), put back; where it meets the pivots, A_PP^-1 with its sign turned.
    private static void Store(FactorMatrix matrix, int start, int count, int from, FactorMatrix piece, FactorMatrix block)
    {
        int end = Math.Min(from + Tile, matrix.Rows);
        for (int k = count - 1; k >= 0; k--)
        {
            Span<float> row = piece.MutableRow(k);
            for (int below = k + 1; below < count; below++) TensorPrimitives.MultiplyAdd(piece.Row(below), -block.Row(k)[below], row, row);
            TensorPrimitives.Multiply(row, 1 / block.Row(k)[k], row);
        }
        for (int column = from; column < Math.Min(end, start); column++)
        {
            Span<float> pivots = matrix.MutableRow(column).Slice(start, count);
            for (int k = 0; k < count; k++) pivots[k] = piece.Start[k * Tile + column - from];
        }
        for (int k = 0; k < count; k++)
        {
            for (int column = Math.Max(from, start + k); column < end; column++)
            {
                float value = piece.Row(k)[column - from];
                matrix.MutableRow(start + k)[column] = column < start + count ? -value : value;
            }
        }
    }

    private static void MirrorNegated(FactorMatrix matrix, int from)
    {
        for (int row = from; row < Math.Min(from + Tile, matrix.Rows); row++)
        {
            Span<float> upper = matrix.MutableRow(row)[row..];
            TensorPrimitives.Negate(upper, upper);
            for (int k = 1; k < upper.Length; k++) matrix.MutableRow(row + k)[row] = upper[k];
        }
    }
}
