namespace Recommender.LifeCycle;

/// <summary>Minimises a smooth function of a few variables by BFGS with backtracking (Nocedal and Wright 2006, algorithm 6.1).</summary>
internal static class QuasiNewton
{
    private const int MostSteps = 300;
    private const double FlatGradient = 1e-8;
    private const double LongestStep = 2;
    private const double ShortestStep = 1e-10;
    // Of the value, in one step. Sums over many customers are not exact beyond.
    private const double NoProgress = 1e-13;
    private const double Decrease = 1e-4;

    /// <summary>The value at a point; writes the gradient.</summary>
    public delegate double Objective(ReadOnlySpan<double> at, Span<double> gradient);

    /// <summary>Goes downhill from <paramref name="start"/>; answers the lowest point found and the value there.</summary>
    public static (double[] At, double Value) Minimise(Objective objective, ReadOnlySpan<double> start, CancellationToken cancellation)
    {
        int n = start.Length;
        double[] at = start.ToArray(), next = new double[n], gradient = new double[n], nextGradient = new double[n], direction = new double[n];
        double[,] inverse = Identity(n);
        double value = objective(at, gradient);
        for (int step = 0; step < MostSteps && Largest(gradient) > FlatGradient; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            double slope = Downhill(inverse, gradient, direction);
            double length = Math.Min(1, LongestStep / Largest(direction));
            double found;
            while (true)
            {
                for (int i = 0; i < n; i++) next[i] = at[i] + length * direction[i];
                found = objective(next, nextGradient);
                if (found <= value + Decrease * length * slope) break;
                length /= 2;
                // No step goes down any more: this is the minimum, to the last digits of the function.
                if (length < ShortestStep) return (at, value);
            }
            if (value - found <= NoProgress * (1 + Math.Abs(value))) return (next, found);
            Learn(inverse, at, next, gradient, nextGradient);
            (at, next, gradient, nextGradient, value) = (next, at, nextGradient, gradient, found);
        }
        return (at, value);
    }

    /// <summary>Direction of the step, and the slope along it, below 0.</summary>
    private static double Downhill(double[,] inverse, double[] gradient, double[] direction)
    {
        double slope = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            direction[i] = 0;
            for (int j = 0; j < gradient.Length; j++) direction[i] -= inverse[i, j] * gradient[j];
            slope += direction[i] * gradient[i];
        }
        return slope;
    }

    /// <summary>Takes the curvature along the last step into the inverse Hessian, which stays positive definite.</summary>
    private static void Learn(double[,] inverse, double[] from, double[] to, double[] gradientFrom, double[] gradientTo)
    {
        int n = from.Length;
        Span<double> step = stackalloc double[n], turn = stackalloc double[n], turned = stackalloc double[n];
        double curvature = 0;
        for (int i = 0; i < n; i++)
        {
            (step[i], turn[i]) = (to[i] - from[i], gradientTo[i] - gradientFrom[i]);
            curvature += step[i] * turn[i];
        }
        if (curvature <= 1e-14) return;
        double stretch = 0;
        for (int i = 0; i < n; i++)
        {
            turned[i] = 0;
            for (int j = 0; j < n; j++) turned[i] += inverse[i, j] * turn[j];
            stretch += turned[i] * turn[i];
        }
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                inverse[i, j] += (1 + stretch / curvature) * step[i] * step[j] / curvature - (turned[i] * step[j] + step[i] * turned[j]) / curvature;
    }

    private static double[,] Identity(int n)
    {
        var identity = new double[n, n];
        for (int i = 0; i < n; i++) identity[i, i] = 1;
        return identity;
    }

    private static double Largest(double[] values)
    {
        double largest = 0;
        foreach (double value in values) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}
