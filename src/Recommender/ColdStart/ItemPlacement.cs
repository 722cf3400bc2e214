using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics.Tensors;
using Recommender.Catalogue;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.ColdStart;

/// <summary>
/// What a model has learned of attributes, so that an item nobody has dealt with yet has a place among the others at once: its factors and
/// popularity by a ridge regression on its features, what goes with it by the known items that are most like it. Immutable.
/// </summary>
public sealed class ItemPlacement
{
    // People after whom an item's own factors are believed half. Beside those of few, the factors of many teach what an attribute means.
    private const float HalfTrusted = 5;

    // The common features of a big catalogue are had by most of it and tell little; the rare ones find the look-alikes.
    private const int MostCompared = 5_000;

    // Items this far from alike (squared cosine) count as much as a look-alike's share of nothing.
    private const float Doubt = 0.25f;

    private readonly InteractionMatrix _itemsOf;
    private readonly float[] _rarity;
    private readonly float[] _lengths;
    private readonly ConcurrentBag<Compared> _scratch = []; // one for each thread that places items at the same time

    /// <param name="features">The features that were learned.</param>
    /// <param name="known">Known items x features.</param>
    /// <param name="factors">Features x factors: what each adds.</param>
    /// <param name="popularity">What each adds to the popularity.</param>
    /// <param name="mean">Of all items: the factors, then the popularity.</param>
    internal ItemPlacement(ItemFeatures features, InteractionMatrix known, FactorMatrix factors, float[] popularity, float[] mean)
    {
        (Features, Known, Factors, Popularity, Mean) = (features, known, factors, popularity, mean);
        _itemsOf = known.Transpose();
        _rarity = new float[features.Count];
        for (int feature = 0; feature < _rarity.Length; feature++)
        {
            double inverse = Math.Log(Math.Max(1.0, known.RowCount) / Math.Max(1, _itemsOf.Row(feature).Length));
            _rarity[feature] = (float)(inverse * inverse);
        }
        _lengths = new float[known.RowCount];
        for (int item = 0; item < _lengths.Length; item++) _lengths[item] = LengthOf(known.Row(item));
    }

    internal ItemFeatures Features { get; }

    internal InteractionMatrix Known { get; }

    internal FactorMatrix Factors { get; }

    internal float[] Popularity { get; }

    internal float[] Mean { get; }

    /// <summary>Learns from the catalogue of a training set; null where it has none, or nothing in it that two items have.</summary>
    /// <param name="set">What the model learned from.</param>
    /// <param name="options">How.</param>
    /// <param name="items">The factors it learned, in their final basis.</param>
    /// <param name="popularity">Mean confidence of each item.</param>
    /// <param name="threads">Cores to use; the result does not depend on it.</param>
    /// <param name="cancellation">Stops within a step of the regression.</param>
    internal static ItemPlacement? Fit(TrainingSet set, NewItemOptions options, FactorMatrix items, ReadOnlySpan<float> popularity, int threads,
        CancellationToken cancellation)
    {
        if (!options.Enabled || set.Catalogue is not { Count: > 0 } catalogue) return null;
        float[] trust = Trust(set.Matrix);
        // What nobody wants yet has taught nothing that an attribute could stand for.
        Item?[] known = [.. Enumerable.Range(0, set.Items.Count).Select(item => trust[item] > 0 ? catalogue.GetValueOrDefault(set.Items[item]) : null)];
        var features = ItemFeatures.Learn(known.OfType<Item>(), options);
        if (features.Count == 0) return null;
        InteractionMatrix matrix = features.MatrixOf(known);
        for (int item = 0; item < trust.Length; item++) if (known[item] is null) trust[item] = 0;
        var targets = new FactorMatrix(items.Rows, items.Factors + 1);
        for (int item = 0; item < items.Rows; item++)
        {
            items.Row(item).CopyTo(targets.MutableRow(item));
            targets.MutableRow(item)[items.Factors] = popularity[item];
        }
        (FactorMatrix weights, float[] mean) = AttributeRidge.Fit(matrix, trust, targets, options.Regularisation, threads, cancellation);
        var factors = new FactorMatrix(features.Count, items.Factors);
        var ofPopularity = new float[features.Count];
        for (int feature = 0; feature < features.Count; feature++)
        {
            weights.Row(feature)[..items.Factors].CopyTo(factors.MutableRow(feature));
            ofPopularity[feature] = weights.Row(feature)[items.Factors];
        }
        return new ItemPlacement(features, matrix, factors, ofPopularity, mean);
    }

    /// <summary>What is expected of an item; null where nothing is known of its attributes.</summary>
    /// <param name="item">With its attributes.</param>
    /// <param name="lookalikes">How many known items it is compared with at the end.</param>
    public Newcomer? Place(Item item, int lookalikes)
    {
        var has = new List<(int Feature, float Value)>();
        Features.Of(item, has);
        if (has.Count == 0) return null;
        float[] vector = Mean[..^1];
        float popularity = Mean[^1];
        foreach ((int feature, float value) in has)
        {
            TensorPrimitives.MultiplyAdd(Factors.Row(feature), value, vector, vector);
            popularity += value * Popularity[feature];
        }
        (ImmutableArray<int> items, ImmutableArray<float> shares) = LookalikesOf(has, lookalikes);
        return new Newcomer(vector, Math.Max(0, popularity), items, shares);
    }

    /// <summary>The rarest attribute and value (not a word, not a number) that an item and a known one have both; null without one.</summary>
    public (string Attribute, string Value)? SharedWith(Item item, int known)
    {
        var has = new List<(int Feature, float Value)>();
        Features.Of(item, has);
        int rarest = -1;
        foreach ((int feature, _) in has)
        {
            if (Features.Shown(feature) is null || Known.Row(known).Columns.BinarySearch(feature) < 0) continue;
            if (rarest < 0 || _rarity[feature] > _rarity[rarest]) rarest = feature;
        }
        return rarest < 0 ? null : Features.Shown(rarest);
    }

    // The cosine over features, each by its rarity (Salton, Buckley 1988), squared: what is half as alike counts a quarter.
    private (ImmutableArray<int>, ImmutableArray<float>) LookalikesOf(List<(int Feature, float Value)> has, int most)
    {
        if (!_scratch.TryTake(out var scratch)) scratch = new Compared(_lengths.Length);
        var (products, found) = (scratch.Products, scratch.Found);
        float length = 0;
        long compared = 0;
        foreach ((int feature, float value) in has.OrderBy(one => _itemsOf.Row(one.Feature).Length).ThenBy(one => one.Feature))
        {
            length += _rarity[feature] * value * value;
            InteractionRow items = _itemsOf.Row(feature);
            if (compared < MostCompared)
            {
                compared += items.Length;
                for (int k = 0; k < Math.Min(items.Length, MostCompared); k++) scratch.Add(items.Columns[k], _rarity[feature] * value * items.Confidence(k));
                continue;
            }
            // From here on those that were found are compared, and no others are sought.
            foreach (int item in found)
            {
                int at = items.Columns.BinarySearch(item);
                if (at >= 0) products[item] += _rarity[feature] * value * items.Confidence(at);
            }
        }
        var nearest = new ScoredItem[length == 0 ? 0 : Math.Min(most, found.Count)];
        if (nearest.Length > 0)
        {
            var heap = new TopHeap(nearest);
            foreach (int item in found)
            {
                float cosine = _lengths[item] > 0 ? products[item] / (MathF.Sqrt(length) * _lengths[item]) : 0;
                heap.Offer(item, cosine * cosine);
            }
            nearest = nearest[..heap.Finish()];
        }
        scratch.Clear();
        _scratch.Add(scratch);
        if (nearest.Length == 0) return ([], []);
        float total = Doubt + nearest.Sum(one => one.Score);
        return ([.. nearest.Select(one => one.Item)], [.. nearest.Select(one => one.Score / total)]);
    }

    private float LengthOf(InteractionRow row)
    {
        float sum = 0;
        for (int k = 0; k < row.Length; k++) sum += _rarity[row.Columns[k]] * row.Confidence(k) * row.Confidence(k);
        return MathF.Sqrt(sum);
    }

    private static float[] Trust(InteractionMatrix interactions)
    {
        var people = new int[interactions.ColumnCount];
        foreach (int column in interactions.Columns) people[column]++;
        return Array.ConvertAll(people, count => count / (count + HalfTrusted));
    }

    /// <summary>What one item has in common with the known ones. Made once a thread: a swap of models places thousands of items.</summary>
    private sealed class Compared
    {
        public Compared(int known)
        {
            Products = new float[known];
            Array.Fill(Products, float.NaN);
        }

        /// <summary>By known item; not a number for those that were not found.</summary>
        public float[] Products { get; }

        /// <summary>In the order in which they were found.</summary>
        public List<int> Found { get; } = [];

        public void Add(int item, float part)
        {
            ref float product = ref Products[item];
            if (float.IsNaN(product))
            {
                product = 0;
                Found.Add(item);
            }
            product += part;
        }

        public void Clear()
        {
            foreach (int item in Found) Products[item] = float.NaN;
            Found.Clear();
        }
    }
}
