using Recommender.Factorization;

namespace Recommender.Similarity;

/// <summary>
/// Rows that are learned by Adam (Kingma and Ba 2015), of which each step moves those that have a gradient: rows that were not looked at
/// stay where they are, moments included, so a step costs what it looked at and not the catalogue.
/// </summary>
internal sealed class AdamMatrix
{
    private const float Decay = 0.9f, SquareDecay = 0.999f, Smallest = 1e-8f;

    private readonly FactorMatrix _gradients;
    private readonly FactorMatrix _means;
    private readonly FactorMatrix _squares;
    private readonly int[] _steps;
    private readonly bool[] _hasGradient;
    private readonly List<int> _looked = [];

    /// <summary>Small random rows.</summary>
    public AdamMatrix(int rows, int factors, Random random)
    {
        (Values, _gradients, _means, _squares) = (new(rows, factors), new(rows, factors), new(rows, factors), new(rows, factors));
        (_steps, _hasGradient) = (new int[rows], new bool[rows]);
        for (int row = 0; row < rows; row++)
        {
            foreach (ref float value in Values.MutableRow(row)) value = (float)(0.2 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5));
        }
    }

    public FactorMatrix Values { get; }

    /// <summary>Whether a row was ever moved.</summary>
    public bool IsLearned(int row) => _steps[row] > 0;

    /// <summary>A row's gradient in this step, to be added to.</summary>
    public Span<float> Gradient(int row)
    {
        if (!_hasGradient[row])
        {
            _hasGradient[row] = true;
            _looked.Add(row);
        }
        return _gradients.MutableRow(row);
    }

    /// <summary>Moves the rows that have a gradient against it.</summary>
    public void Step(double rate, ParallelOptions parallel)
    {
        Parallel.For(0, _looked.Count, parallel, k => Move(_looked[k], rate));
        _looked.Clear();
    }

    private void Move(int row, double rate)
    {
        Span<float> gradient = _gradients.MutableRow(row), mean = _means.MutableRow(row), square = _squares.MutableRow(row), value = Values.MutableRow(row);
        int step = ++_steps[row];
        float length = (float)(rate * Math.Sqrt(1 - Math.Pow(SquareDecay, step)) / (1 - Math.Pow(Decay, step)));
        for (int k = 0; k < gradient.Length; k++)
        {
            mean[k] = Decay * mean[k] + (1 - Decay) * gradient[k];
            square[k] = SquareDecay * square[k] + (1 - SquareDecay) * gradient[k] * gradient[k];
            value[k] -= length * mean[k] / (MathF.Sqrt(square[k]) + Smallest);
        }
        gradient.Clear();
        _hasGradient[row] = false;
    }
}
