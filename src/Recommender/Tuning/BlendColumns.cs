using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;
using Recommender.Threading;

namespace Recommender.Tuning;

/// <summary>
/// What each part of a model says of the items that may come to the top, customer by customer. A score is linear in the parts' weights, so
/// thousands of blends are measured at the price of a few rankings. The columns come from the scorer itself, with all weights but one at 0.
/// </summary>
internal sealed class BlendColumns
{
    // The first 20 of a blend are hardly ever beyond the first 100 of each of its parts.
    private const int Depth = 100;

    /// <summary>
    /// The most candidates of a part, of all customers together: each takes 4 bytes, and as many again a part. The parts of a usual recipe
    /// fill a few hundred megabytes if no two agree on a candidate.
    /// </summary>
    public const long MostCandidates = 4_000_000;

    private readonly Customer[] _customers;
    private readonly InteractionMatrix _test;

    private BlendColumns(Customer[] customers, InteractionMatrix test) => (_customers, _test) = (customers, test);

    /// <summary>How many customers can be looked at; the same for all recipes, whose figures are compared customer by customer.</summary>
    /// <param name="longest">Length of the lists that will be measured.</param>
    /// <param name="items">Items of the model.</param>
    /// <param name="mostCandidates">What is to be kept to, <see cref="MostCandidates"/> outside of tests.</param>
    public static int MostCustomers(int longest, int items, long mostCandidates) =>
        (int)Math.Clamp(mostCandidates / Math.Clamp(items, 1, Math.Max(Depth, longest)), 1, int.MaxValue);

    /// <param name="model">Its parts were fitted to the hold-out's training part.</param>
    /// <param name="fold">The histories, and what is to be found.</param>
    /// <param name="rows">Customers to look at; each has something to be found.</param>
    /// <param name="eligible">Items that may be answered.</param>
    /// <param name="longest">Length of the lists that will be measured.</param>
    public static BlendColumns Of(TrainedModel model, HoldOut fold, int[] rows, ItemMask eligible, int longest, int threads, CancellationToken cancellation)
    {
        TrainedModel[] variants = [.. Variants(model.Card.Recipe).Select(recipe => model.With(model.Card with { Recipe = recipe }))];
        var customers = new Customer[rows.Length];
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, rows.Length, parallel, () => new Reader(variants, Math.Max(Depth, longest)), (k, _, reader) =>
        {
            customers[k] = reader.Read(rows[k], fold.Train.Matrix.Row(rows[k]), eligible);
            return reader;
        }, _ => { });
        return new BlendColumns(customers, fold.Test);
    }

    /// <summary>The objective of a blend of these parts, customer by customer.</summary>
    public double[] Measure(Recipe recipe, Objective objective, int threads, CancellationToken cancellation)
    {
        var values = new double[_customers.Length];
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, values.Length, parallel, () => new ScoredItem[objective.Cutoff], (k, _, list) =>
        {
            Customer customer = _customers[k];
            double share = recipe.Blend.NeighbourShare(customer.Confidence);
            double[] weights = [.. recipe.Similarities.Select(part => share * part.WeightAt(customer.Confidence))];
            var top = new TopHeap(list);
            for (int at = 0; at < customer.Items.Length; at++)
            {
                double score = customer.Prior[at] + recipe.Blend.Factors * customer.Parts[0][at];
                for (int part = 0; part < weights.Length; part++) score += weights[part] * customer.Parts[part + 1][at];
                top.Offer(customer.Items[at], (float)score);
            }
            values[k] = objective.Of(list.AsSpan(0, top.Finish()), _test.Row(customer.Row).Columns);
            return list;
        }, _ => { });
        return values;
    }

    // The prior alone, the factors alone, and each item-item part alone at its whole weight.
    private static IEnumerable<Recipe> Variants(Recipe recipe)
    {
        Recipe silent = recipe with
        {
            Similarities = [.. recipe.Similarities.Select(part => part with { Weight = 0 })],
            Blend = recipe.Blend with { Factors = 0, Evidence = 0 },
        };
        Recipe alone = silent with { Prior = recipe.Prior with { Strength = 0 } };
        yield return silent;
        yield return alone with { Blend = alone.Blend with { Factors = 1 } };
        for (int part = 0; part < recipe.Similarities.Length; part++)
            yield return alone with { Similarities = alone.Similarities.SetItem(part, alone.Similarities[part] with { Weight = 1, FadesAt = 0, GrowsAt = 0 }) };
    }

    private sealed record Customer(int Row, double Confidence, int[] Items, float[] Prior, float[][] Parts);

    /// <summary>One thread's scorers.</summary>
    private sealed class Reader(TrainedModel[] variants, int depth)
    {
        private readonly Scorer[] _scorers = [.. variants.Select(variant => new Scorer(variant))];
        private readonly ScoredItem[] _top = new ScoredItem[Math.Min(depth, variants[0].Items.Count)];
        private readonly SortedSet<int> _candidates = [];

        public Customer Read(int row, InteractionRow history, ItemMask eligible)
        {
            float[] confidences = [.. Enumerable.Repeat(1f, history.Length)];
            if (!history.Confidences.IsEmpty) history.Confidences.CopyTo(confidences);
            _candidates.Clear();
            foreach (Scorer scorer in _scorers)
            {
                int count = scorer.Personalised(history.Columns, confidences, eligible, history.Columns, _top);
                foreach (ScoredItem item in _top.AsSpan(0, count))
                {
                    // A part that says nothing of an item is no reason to look at it.
                    if (item.Score != 0) _candidates.Add(item.Item);
                }
            }
            int[] items = [.. _candidates];
            float[][] columns = [.. _scorers.Select(scorer => Array.ConvertAll(items, item => scorer.Score(item)))];
            return new Customer(row, history.Total, items, columns[0], columns[1..]);
        }
    }
}
