using System.Numerics.Tensors;
using Recommender.Evaluation;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.Similarity;

/// <summary>
/// Fits <see cref="ItemNeighbours"/> by factored similarities: item j follows from item i by <c>p_i . q_j / |q_j|</c>. A customer is the sum of p over
/// what they have, <c>u = sum p / n^1/2</c>, and the loss is that of a softmax of the cosine of u and q at a temperature, over items drawn afresh for
/// each batch (Kabbur et al. 2013; Wu et al. 2022). Part of each history is hidden from u while all of it is to be found. Of each j the
/// strongest i are kept. Every sum has one order, so the bytes are the same at any number of threads.
/// </summary>
internal sealed unsafe class Fism
{
    /// <summary>Customers in the largest batch.</summary>
    public const int MostAtOnce = 512;

    private const int FewestAtOnce = 32;
    private const float SmallestNorm = 1e-6f;

    private readonly InteractionMatrix _interactions;
    private readonly FismOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly AdamMatrix _sources;
    private readonly AdamMatrix _targets;
    private readonly int[] _drawn;
    private readonly int _negatives;
    private readonly FactorMatrix _unit;
    private readonly FactorMatrix _people;
    private readonly FactorMatrix _gradients;
    private readonly float[] _norms;
    private readonly float[][] _chances;
    private readonly float[][] _kept;

    private Fism(InteractionMatrix interactions, FismOptions options, int threads, CancellationToken cancellation)
    {
        (_interactions, _options) = (interactions, options);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        int items = interactions.ColumnCount, atOnce = Math.Clamp(interactions.RowCount / 64, FewestAtOnce, MostAtOnce);
        var random = new Random(options.Seed);
        (_sources, _targets) = (new AdamMatrix(items, options.Factors, random), new AdamMatrix(items, options.Factors, random));
        _negatives = Math.Min(options.Negatives, items);
        _drawn = [.. Enumerable.Range(0, items)];
        _unit = new FactorMatrix(_negatives, options.Factors);
        (_people, _gradients, _norms) = (new(atOnce, options.Factors), new(atOnce, options.Factors), new float[atOnce]);
        _chances = [.. Enumerable.Range(0, atOnce).Select(_ => new float[FactorMatrix.PaddedRows(_negatives)])];
        _kept = new float[atOnce][];
    }

    public static ItemNeighbours Fit(InteractionMatrix interactions, FismOptions options, int threads, Action<int>? fitted, CancellationToken cancellation)
    {
        var fism = new Fism(interactions, options, threads, cancellation);
        fism.Learn();
        return fism.Neighbours(fitted);
    }

    private void Learn()
    {
        int[] customers = [.. Enumerable.Range(0, _interactions.RowCount).Where(row => _interactions.Row(row).Length is > 0 and int length && length <= _options.LongestHistory)];
        var random = new Random(_options.Seed);
        for (int epoch = 0; epoch < _options.Epochs; epoch++)
        {
            // Half a cosine, down to a twentieth.
            double rate = _options.LearningRate * (0.05 + 0.475 * (1 + Math.Cos(Math.PI * epoch / _options.Epochs)));
            random.Shuffle(customers);
            for (int first = 0; first < customers.Length; first += _norms.Length)
                LearnFrom(customers.AsMemory(first, Math.Min(_norms.Length, customers.Length - first)), (ulong)(_options.Seed * 1000L + epoch), random, rate);
        }
    }

    private void LearnFrom(ReadOnlyMemory<int> customers, ulong seed, Random random, double rate)
    {
        for (int k = 0; k < _negatives; k++)
        {
            int other = random.Next(k, _drawn.Length);
            (_drawn[k], _drawn[other]) = (_drawn[other], _drawn[k]);
            ToUnit(_targets.Values.Row(_drawn[k]), _unit.MutableRow(k));
        }
        Parallel.For(0, customers.Length, _parallel, k => Encode(k, customers.Span[k], seed));
        float scale = (float)(1 / (_options.Temperature * customers.Length));
        // What each negative is pulled by: all customers, in their order.
        var pulls = new float[_negatives][];
        Parallel.For(0, _negatives, _parallel, negative =>
        {
            float[] pull = pulls[negative] = new float[_options.Factors];
            for (int k = 0; k < customers.Length; k++) TensorPrimitives.MultiplyAdd(_people.Row(k), _chances[k][negative], pull, pull);
        });
        for (int negative = 0; negative < _negatives; negative++) AddToTarget(_drawn[negative], pulls[negative], scale);
        for (int k = 0; k < customers.Length; k++)
        {
            InteractionRow row = _interactions.Row(customers.Span[k]);
            for (int j = 0; j < row.Length; j++)
            {
                AddToTarget(row.Columns[j], _people.Row(k), -row.Confidence(j) * scale);
                Span<float> source = _kept[k][j] == 0 ? [] : _sources.Gradient(row.Columns[j]);
                if (!source.IsEmpty) TensorPrimitives.MultiplyAdd(_gradients.Row(k), _kept[k][j] * scale, source, source);
            }
        }
        _sources.Step(rate, _parallel);
        _targets.Step(rate, _parallel);
    }

    // Customer k of the batch as a unit vector, the chances of the negatives times what is to be found, and the gradient of the vector.
    private void Encode(int k, int customer, ulong seed)
    {
        InteractionRow row = _interactions.Row(customer);
        Random random = HoldOut.RandomOf(seed, customer);
        if (_kept[k] is null || _kept[k].Length < row.Length) _kept[k] = new float[row.Length * 2];
        float shown = 0, toFind = row.Total;
        for (int j = 0; j < row.Length; j++)
        {
            _kept[k][j] = random.NextDouble() >= _options.Dropout ? row.Confidence(j) : 0;
            shown += _kept[k][j];
        }
        Span<float> person = _people.MutableRow(k), gradient = _gradients.MutableRow(k), chances = _chances[k];
        person.Clear();
        float perItem = 1 / MathF.Sqrt(Math.Max(1, shown));
        for (int j = 0; j < row.Length; j++)
        {
            _kept[k][j] *= perItem;
            if (_kept[k][j] != 0) TensorPrimitives.MultiplyAdd(_sources.Values.Row(row.Columns[j]), _kept[k][j], person, person);
        }
        float norm = TensorPrimitives.Norm<float>(person) + SmallestNorm;
        TensorPrimitives.Divide(person, norm, person);
        fixed (float* scores = chances)
            VectorKernels.Best.Score(_unit.Start, (int)FactorMatrix.PaddedRows(_negatives), _unit.Stride, _people.Start + (nint)k * _people.Stride, scores);
        chances = chances[.._negatives];
        TensorPrimitives.Divide(chances, (float)_options.Temperature, chances);
        TensorPrimitives.SoftMax(chances, chances);
        TensorPrimitives.Multiply(chances, toFind, chances);
        gradient.Clear();
        for (int negative = 0; negative < _negatives; negative++) TensorPrimitives.MultiplyAdd(_unit.Row(negative), chances[negative], gradient, gradient);
        Span<float> unit = stackalloc float[_options.Factors];
        for (int j = 0; j < row.Length; j++)
        {
            ToUnit(_targets.Values.Row(row.Columns[j]), unit);
            TensorPrimitives.MultiplyAdd(unit, -row.Confidence(j), gradient, gradient);
        }
        // Through the norm: only what turns the vector counts.
        TensorPrimitives.MultiplyAdd(person, -TensorPrimitives.Dot<float>(person, gradient), gradient, gradient);
        TensorPrimitives.Divide(gradient, norm, gradient);
    }

    private void AddToTarget(int item, ReadOnlySpan<float> pull, float scale)
    {
        ReadOnlySpan<float> value = _targets.Values.Row(item);
        float norm = TensorPrimitives.Norm(value) + SmallestNorm, along = TensorPrimitives.Dot(value, pull) / (norm * norm);
        Span<float> gradient = _targets.Gradient(item);
        TensorPrimitives.MultiplyAdd(pull, scale / norm, gradient, gradient);
        TensorPrimitives.MultiplyAdd(value, -along * scale / norm, gradient, gradient);
    }

    private static void ToUnit(ReadOnlySpan<float> vector, Span<float> unit) =>
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector) + SmallestNorm, unit);

    // Of each item those it follows from most, beyond what follows from anything.
    private ItemNeighbours Neighbours(Action<int>? fitted)
    {
        int items = _interactions.ColumnCount;
        var units = new FactorMatrix(items, _options.Factors);
        var mean = new float[_options.Factors];
        for (int item = 0; item < items; item++)
        {
            ToUnit(_targets.Values.Row(item), units.MutableRow(item));
            TensorPrimitives.MultiplyAdd(units.Row(item), 1f / items, mean, mean);
        }
        var strongest = new ScoredItem[items][];
        Parallel.For(0, items, _parallel, () => (Scores: new float[FactorMatrix.PaddedRows(items)], Top: new ScoredItem[Math.Min(_options.Neighbours, items)]), (item, _, scratch) =>
        {
            Span<float> unit = units.MutableRow(item);
            TensorPrimitives.Subtract(unit, mean, unit);
            fixed (float* scores = scratch.Scores)
                VectorKernels.Best.Score(_sources.Values.Start, scratch.Scores.Length, units.Stride, units.Start + (nint)item * units.Stride, scores);
            var top = new TopHeap(scratch.Top);
            // What nobody has says nothing, and nothing says it.
            for (int other = 0; other < items && _sources.IsLearned(item); other++)
            {
                if (other != item && _sources.IsLearned(other) && scratch.Scores[other] > 0) top.Offer(other, scratch.Scores[other]);
            }
            strongest[item] = scratch.Top.AsSpan(0, top.Finish()).ToArray();
            fitted?.Invoke(1);
            return scratch;
        }, _ => { });
        return ItemNeighbours.OfColumns(strongest, _parallel.MaxDegreeOfParallelism);
    }
}
