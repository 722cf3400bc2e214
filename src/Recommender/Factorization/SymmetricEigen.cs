using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Recommender.Threading;

namespace Recommender.Factorization;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix in double precision: Householder's reduction to three diagonals, then implicit QL
/// steps (Martin, Reinsch, Wilkinson 1968; Dubrulle, Martin, Wilkinson 1968). About 9 size^3 operations, all of them on whole rows.
/// </summary>
internal sealed class SymmetricEigen
{
    // An eigenvalue takes one or two steps; so many mean numbers that are not finite.
    private const int MostSteps = 100;

    private const double Rounding = 1.0 / (1L << 52);

    private readonly int _size;
    private readonly double[][] _rows;
    private readonly double[] _diagonal;
    private readonly double[] _beside;
    private readonly double[] _scales;
    private readonly double[][] _vectors;

    private SymmetricEigen(FactorMatrix square, int size)
    {
        _size = size;
        (_rows, _vectors) = (new double[size][], new double[size][]);
        (_diagonal, _beside, _scales) = (new double[size], new double[size], new double[size]);
        for (int i = 0; i < size; i++)
        {
            _rows[i] = new double[size];
            TensorPrimitives.ConvertSaturating<float, double>(square.Row(i)[..size], _rows[i]);
            _vectors[i] = new double[size];
            _vectors[i][i] = 1;
        }
    }

    /// <summary>Values, greatest first, and the unit vector of each.</summary>
    /// <param name="square">Symmetric; of it the upper triangle is read.</param>
    /// <param name="size">Its first rows and columns.</param>
    /// <param name="threads">Cores to use; the result does not depend on it.</param>
    /// <param name="cancellation">Stops within a step.</param>
    /// <exception cref="ArithmeticException">The matrix holds numbers that are not finite.</exception>
    public static (double[] Values, double[][] Vectors) Decompose(FactorMatrix square, int size, int threads, CancellationToken cancellation)
    {
        var work = new SymmetricEigen(square, size);
        work.ReduceToThreeDiagonals(cancellation);
        work.Diagonalise(cancellation);
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, size, parallel, work.TransformBack);
        Array.Sort(work._diagonal, work._vectors, Comparer<double>.Create((a, b) => b.CompareTo(a)));
        return (work._diagonal, work._vectors);
    }

    // Row k keeps, right of the diagonal, the vector v of the reflection 1 - scale v v' that cleared it.
    private void ReduceToThreeDiagonals(CancellationToken cancellation)
    {
        var product = new double[_size];
        for (int k = 0; k + 1 < _size; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            int first = k + 1;
            Span<double> v = _rows[k].AsSpan(first), q = product.AsSpan(first);
            double length = TensorPrimitives.Norm<double>(v);
            _diagonal[k] = _rows[k][k];
            double pivot = v[0] > 0 ? -length : length;
            _beside[k] = pivot;
            if (length == 0) continue;
            v[0] -= pivot;
            double scale = _scales[k] = 2 / TensorPrimitives.SumOfSquares<double>(v);
            q.Clear();
            for (int i = first; i < _size; i++)
            {
                ReadOnlySpan<double> row = _rows[i].AsSpan(i);
                Span<double> below = q[(i - first)..];
                double own = below[0] + TensorPrimitives.Dot(row, v[(i - first)..]);
                TensorPrimitives.MultiplyAdd(row, v[i - first], below, below);
                below[0] = own;
            }
            TensorPrimitives.Multiply(q, scale, q);
            TensorPrimitives.MultiplyAdd(v, -0.5 * scale * TensorPrimitives.Dot<double>(q, v), q, q);
            for (int i = first; i < _size; i++)
            {
                Span<double> row = _rows[i].AsSpan(i);
                TensorPrimitives.MultiplyAdd(v[(i - first)..], -q[i - first], row, row);
                TensorPrimitives.MultiplyAdd(q[(i - first)..], -v[i - first], row, row);
            }
        }
        _diagonal[_size - 1] = _rows[_size - 1][_size - 1];
    }

    // Vectors are those of the three diagonals; each step turns neighbouring ones in their plane.
    private void Diagonalise(CancellationToken cancellation)
    {
        double[] d = _diagonal, e = _beside;
        // What is far below the greatest value is rounding, and need not be told apart further.
        double least = 1e-3 * Math.Abs(TensorPrimitives.MaxMagnitude<double>(d));
        for (int low = 0; low < _size; low++)
        {
            for (int step = 0; ; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                int high = low;
                while (high + 1 < _size && !(Math.Abs(e[high]) <= Rounding * Math.Max(Math.Abs(d[high]) + Math.Abs(d[high + 1]), least))) high++;
                if (high == low) break;
                if (step == MostSteps)
                    throw new ArithmeticException(
                        $"A matrix of {_size} x {_size} has no eigenvalues: it holds numbers that are not finite.");
                Step(d, e, low, high);
            }
        }
    }

    private void Step(double[] d, double[] e, int low, int high)
    {
        double g = (d[low + 1] - d[low]) / (2 * e[low]);
        g = d[high] - d[low] + e[low] / (g + Math.CopySign(Math.Sqrt(g * g + 1), g));
        double sine = 1, cosine = 1, moved = 0;
        for (int i = high - 1; i >= low; i--)
        {
            double f = sine * e[i], b = cosine * e[i], r = Math.Sqrt(f * f + g * g);
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= moved;
                e[high] = 0;
                return;
            }
            (sine, cosine) = (f / r, g / r);
            g = d[i + 1] - moved;
            r = (d[i] - g) * sine + 2 * cosine * b;
            moved = sine * r;
            d[i + 1] = g + moved;
            g = cosine * r - b;
            Turn(_vectors[i], _vectors[i + 1], cosine, sine);
        }
        d[low] -= moved;
        e[low] = g;
        e[high] = 0;
    }

    private static void Turn(double[] a, double[] b, double cosine, double sine)
    {
        Span<Vector<double>> x = MemoryMarshal.Cast<double, Vector<double>>(a.AsSpan()), y = MemoryMarshal.Cast<double, Vector<double>>(b.AsSpan());
        for (int j = 0; j < x.Length; j++) (x[j], y[j]) = (x[j] * cosine - y[j] * sine, x[j] * sine + y[j] * cosine);
        for (int j = x.Length * Vector<double>.Count; j < a.Length; j++) (a[j], b[j]) = (cosine * a[j] - sine * b[j], sine * a[j] + cosine * b[j]);
    }

    private void TransformBack(int vector)
    {
        double[] z = _vectors[vector];
        for (int k = _size - 2; k >= 0; k--)
        {
            if (_scales[k] == 0) continue;
            ReadOnlySpan<double> v = _rows[k].AsSpan(k + 1);
            Span<double> rest = z.AsSpan(k + 1);
            TensorPrimitives.MultiplyAdd(v, -_scales[k] * TensorPrimitives.Dot(v, rest), rest, rest);
        }
    }
}
