using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recommender.Factorization;

/// <summary>
/// The inner loops of training and scoring at one register width. All pointers are to memory of a <see cref="FactorMatrix"/>:
/// strides are multiples of <see cref="FactorMatrix.StrideStep"/> and the padding is zero. Widths differ in the last bits of
/// their sums; one width always gives the same bytes.
/// </summary>
internal abstract unsafe class VectorKernels
{
    /// <summary>Rows that <see cref="MultiplyBlock"/> takes at a time.</summary>
    public const int BlockRows = 6;

    /// <summary>Right-hand sides that <see cref="SolveSides"/> takes at once: floats of a row of them.</summary>
    public const int Sides = 16;

    private const int CacheLineFloats = 16;

    public static VectorKernels Wide512 { get; } = new VectorKernels<Vector512<float>, Lanes512>();

    public static VectorKernels Wide256 { get; } = new VectorKernels<Vector256<float>, Lanes256>();

    public static VectorKernels Wide128 { get; } = new VectorKernels<Vector128<float>, Lanes128>();

    /// <summary>The widest that this machine runs in hardware.</summary>
    public static VectorKernels Best { get; } =
        Vector512.IsHardwareAccelerated ? Wide512 : Vector256.IsHardwareAccelerated ? Wide256 : Wide128;

    /// <summary>result = rows x square, where square is symmetric. The number of rows is a multiple of <see cref="BlockRows"/>.</summary>
    public abstract void MultiplyBlock(float* rows, int count, float* square, int stride, float* result);

    /// <summary>Columns <paramref name="from"/> to <paramref name="to"/> of rows x square, where square is in <see cref="Gramian.Strips"/>.</summary>
    public abstract void MultiplyStrips(float* rows, int count, float* strips, int stride, int from, int to, float* result);

    /// <summary>gramian += rows' x rows, in the columns at and right of each row's tile; the rest is undefined.</summary>
    public void AddGramian(float* rows, int count, int stride, float* gramian) => AddGramian(rows, count, stride, stride, gramian, stride);

    /// <summary>The same of a block of columns, which is as wide as a multiple of <see cref="FactorMatrix.StrideStep"/>.</summary>
    public abstract void AddGramian(float* rows, int count, int stride, int columns, float* gramian, int gramianStride);

    /// <summary>
    /// Copies columns of the listed rows one row behind the other, each times the root of its weight (1 where weights is null), which is what
    /// becomes its target. Zero rows with target 0 fill up to <see cref="PanelLength"/>.
    /// </summary>
    public abstract void Gather(float* rows, int* listed, float* weights, int count, int stride, int columns, float* panel, float* targets);

    /// <summary>Asks for the listed rows, so that they are near when they are gathered.</summary>
    public static void Prefetch(float* rows, int* listed, int count, int stride)
    {
        if (!Sse.IsSupported) return;
        for (int k = 0; k < count; k++)
        {
            float* row = rows + (nint)listed[k] * stride;
            for (int j = 0; j < stride; j += CacheLineFloats) Sse.Prefetch1(row + j);
        }
    }

    /// <summary>Rows that a panel of gathered rows takes.</summary>
    public static int PanelLength(int count) => (count + 3) & ~3;

    /// <summary>
    /// <c>sum = scale sum + ridge x + sum over k of t_k row_k</c> with <c>t_k = target_k + slope (row_k . x)</c>; targets may be null for
    /// zeros. Returns <c>x . sum</c>.
    /// </summary>
    /// <param name="panel">Gathered rows.</param>
    /// <param name="targets">One a row.</param>
    /// <param name="count">A positive multiple of 4.</param>
    /// <param name="stride">Of rows, x and sum.</param>
    /// <param name="slope">Of t in the product.</param>
    /// <param name="scale">Of what sum was.</param>
    /// <param name="ridge">Of x.</param>
    /// <param name="x">A row.</param>
    /// <param name="sum">A row.</param>
    /// <param name="scores">Scratch: one float a row of the panel.</param>
    public abstract float Project(float* panel, float* targets, int count, int stride, float slope, float scale, float ridge, float* x,
        float* sum, float* scores);

    /// <summary>sum += sum over k of (scores[k] - targets[k]) row_k, for the rows of a panel.</summary>
    public abstract void AddErrors(float* panel, float* targets, float* scores, int count, int stride, float* sum);

    /// <summary>scores[k] += factor (row_k . x), for the rows of a panel.</summary>
    public abstract void AddScores(float* panel, int count, int stride, float factor, float* x, float* scores);

    /// <summary>x += length p, r -= length q; returns r . r.</summary>
    public abstract float Advance(float length, float* p, float* q, int stride, float* x, float* r);

    /// <summary>p = r + factor p.</summary>
    public abstract void Redirect(float factor, float* r, int stride, float* p);

    /// <summary>
    /// Replaces the upper triangle of the first rows and columns by U with U' U = matrix, and clears what is left of the diagonal in its
    /// vector. What is right of the matrix must be finite. False where a pivot is not positive.
    /// </summary>
    public abstract bool FactorTriangle(float* matrix, int size, int stride);

    /// <summary>Replaces b, which goes on with finite numbers to the stride, by the x with U' U x = b.</summary>
    public abstract void SolveTriangle(float* triangle, int size, int stride, float* b);

    /// <summary>
    /// The same for the first of <see cref="Sides"/> right-hand sides, row i of which holds what equation i says of each. A side's solution
    /// does not depend on its place and on the others.
    /// </summary>
    public abstract void SolveSides(float* triangle, int size, int stride, float* sides, int count);

    /// <summary>scores[k] = row_k . x for consecutive rows; count is a multiple of 4. A row's score does not depend on its place.</summary>
    public abstract void Score(float* rows, int count, int stride, float* x, float* scores);

    /// <summary>scores[k] = row_listed[k] . x, the same to the bit as in <see cref="Score"/>; count is a multiple of 4.</summary>
    public abstract void ScoreListed(float* rows, int* listed, int count, int stride, float* x, float* scores);
}
