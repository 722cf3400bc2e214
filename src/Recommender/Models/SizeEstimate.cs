using System.Collections.Immutable;
using System.Globalization;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.Models;

/// <summary>Bytes of memory that a training and a serving process need for a model, by part, before anything is allocated.</summary>
public sealed record SizeEstimate(ImmutableArray<SizePart> Parts)
{
    /// <summary>Why the recipe is not for so many items, whatever the memory; null where it is.</summary>
    public string? Refusal { get; init; }


    /// <summary>The most that is held at one time while training.</summary>
    public long TrainingBytes => Parts.Sum(part => part.TrainingBytes);

    /// <summary>
    /// One live model with one scorer a thread. Factors and neighbours are pages of the model's file, which the system takes back where memory is short; all
    /// else is held. While one model takes the place of another there are both.
    /// </summary>
    public long ServingBytes => Parts.Sum(part => part.ServingBytes);

    /// <param name="customers">Customers and visitors with interactions.</param>
    /// <param name="items">Items.</param>
    /// <param name="interactions">Different pairs of them.</param>
    /// <param name="recipe">Sets the number of factors and neighbours.</param>
    /// <param name="threads">Each has scratch memory of its own.</param>
    /// <param name="described">Items of the catalogue whose attributes are known.</param>
    public static SizeEstimate Of(long customers, long items, long interactions, Recipe recipe, int threads, long described = 0)
    {
        long stride = FactorMatrix.StrideFor(recipe.Factorization.Factors), square = stride * stride * sizeof(float);
        // An id as a string, its place in a list and its entry in a hash table.
        const long PerId = 100;
        return new SizeEstimate(
        [
            // With their confidences: what there is, the part of it that is learned (the rest measures), and either the columns of that while
            // it is learned or, where the live model weighs events otherwise, what there is by its weights, for the comparison.
            new SizePart("interactions", 3 * (interactions * 8 + 8 * (customers + items)), 0),
            new SizePart("customer ids", customers * PerId, 0),
            new SizePart("item ids", items * PerId, items * PerId),
            new SizePart("customer factors", customers * stride * sizeof(float), 0),
            new SizePart("item factors", items * stride * sizeof(float), items * stride * sizeof(float)),
            // Four bits a factor and two floats an item, for scans. A measuring makes them, too.
            new SizePart("item codes", items * (FactorCodes.RowBytesFor(stride) + 9), items * (FactorCodes.RowBytesFor(stride) + 9)),
            .. recipe.Similarities.Select(part => new SizePart($"neighbours ({part.Kind})",
                part.TrainingBytes(customers, items, interactions, threads), part.ServingBytes(items, interactions))),
            new SizePart("popularity", items * 16, items * 8),
            new SizePart("taste prior", items * sizeof(float) + square, items * sizeof(float) + square),
            PlacementOf(items, described, stride, recipe, threads),
            EarlyStoppingOf(customers, items, interactions, stride, recipe),
            // Gramians (its blocks are 32) and each thread's vectors and gathered rows; a scorer's systems and item-long arrays.
            new SizePart("scratch", 35 * square + threads * (GatheredRows.BytesFor((int)stride) + 4 * FactorMatrix.RowBlock * stride * sizeof(float) + 12 * items),
                threads * (3 * square + 26 * items)),
        ])
        {
            Refusal = recipe.Similarities.Select(part => part.Refusal(items)).FirstOrDefault(refusal => refusal is not null),
        };
    }

    /// <summary>Refuses a training that would not fit, or a part that is not for so many items.</summary>
    /// <param name="availableBytes"><c>GC.GetGCMemoryInfo().TotalAvailableMemoryBytes</c>.</param>
    /// <exception cref="TrainingTooLargeException">The estimate is larger; the message has both figures and what to change.</exception>
    public void RequireTrainingFits(long availableBytes)
    {
        if (Refusal is not null) throw new TrainingTooLargeException(Refusal);
        if (TrainingBytes <= availableBytes) return;
        SizePart largest = Parts.MaxBy(part => part.TrainingBytes)!;
        throw new TrainingTooLargeException($"Training needs about {Text(TrainingBytes)} of memory and {Text(availableBytes)} are available. "
            + $"The largest part is {largest.Name}, {Text(largest.TrainingBytes)}; fewer factors or neighbours in the recipe make it smaller.");
    }

    /// <summary>The estimate for a training set.</summary>
    public static SizeEstimate Of(TrainingSet set, Recipe recipe, int threads) =>
        Of(set.People.Count, set.Items.Count, set.Matrix.Count, recipe, threads, set.Catalogue?.Count ?? 0);

    /// <summary>
    /// What a training of a log will at least need, before the log is read: of its items and their pairs with customers nothing is known yet.
    /// </summary>
    /// <param name="events">Events of the log; each is held in 40 bytes until rows are made of them, in twice that while they are grouped.</param>
    /// <param name="customers">Customers with events.</param>
    /// <param name="recipe">Sets the number of factors.</param>
    /// <param name="threads">Each has scratch memory of its own.</param>
    public static SizeEstimate BeforeReading(long events, long customers, Recipe recipe, int threads) =>
        new([new SizePart("events", 40 * events, 0), .. Of(customers, 0, 0, recipe with { Similarities = [] }, threads).Parts]);

    // What is left of the interactions without what is held out, and the factors of the best sweep.
    private static SizePart EarlyStoppingOf(long customers, long items, long interactions, long stride, Recipe recipe) =>
        new("early stopping", recipe.Factorization.EarlyStopping is null ? 0 : 2 * interactions * 8 + (customers + items) * (stride * sizeof(float) + 16), 0);

    // By experience an item has a dozen features, and half of them are shared with few others.
    private static SizePart PlacementOf(long items, long described, long stride, Recipe recipe, int threads)
    {
        if (described == 0 || !recipe.NewItems.Enabled) return new SizePart("new items", 0, 0);
        long features = Math.Min(recipe.NewItems.MostFeatures, 2 * described), ofItems = 2 * 12 * 8 * Math.Min(items, described) + 8 * (items + features);
        long held = features * (stride + 30) * sizeof(float) + ofItems;
        // The regression's targets, its result beside the parts made of it, and eight columns a thread.
        // Their factors lie in fours: at worst each is alone in one.
        long placed = recipe.NewItems.MostItems * (Newcomers.Four * stride * sizeof(float) + 8L * recipe.NewItems.Lookalikes + 200);
        return new SizePart("new items", held + (items + features) * (stride + 32) * sizeof(float) + threads * (4 * features + items) * 32, held + placed);
    }

    private static string Text(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.0} MiB");
}

/// <summary>A training that would not fit into memory, refused before it starts; the message has the figures.</summary>
public sealed class TrainingTooLargeException(string message) : Exception(message);

/// <param name="Name">What it is.</param>
/// <param name="TrainingBytes">Held while training.</param>
/// <param name="ServingBytes">Held while serving.</param>
public sealed record SizePart(string Name, long TrainingBytes, long ServingBytes);
