using System.Globalization;
using System.IO.Compression;
using System.Numerics.Tensors;
using Recommender.Factorization;
using Recommender.Interactions;

namespace Recommender.Benchmarks;

/// <summary>Generated inputs that imitate real ones, the same in every run.</summary>
internal static class Catalogues
{
    // Of yelp2018's items and more: what a fit of 128 factors gave.
    private const double MedianLength = 0.63, LengthSpread = 0.47, SpectrumExponent = -0.2, TasteShare = 0.75, Tails = 0.8, Popular = 4;

    private const int ItemsPerTaste = 250, HistoryLength = 24, TastesPerCustomer = 3;

    /// <summary>
    /// Item factors with the properties of trained ones that matter to a scan: lengths are log-normal (few items are popular), columns'
    /// variances fall off by a power law as the eigenvalues of a Gramian do, an item's few great factors are greater than a normal
    /// distribution's, and items of one taste point the same way. Numbered by falling length, as in a saved model.
    /// </summary>
    public static FactorMatrix Factors(int rows, int factors, ulong seed)
    {
        var normal = new NormalNumbers(seed);
        double[] lengths = [.. Enumerable.Range(0, rows).Select(_ =>
            MedianLength * Math.Exp(LengthSpread * normal.Next())).OrderDescending()];
        double[] spectrum = [.. Enumerable.Range(0, factors).Select(j => Math.Pow(1 + j, SpectrumExponent))];
        double[][] tastes = [.. Enumerable.Range(0, Tastes(rows)).Select(_ => Direction(normal, spectrum, new double[factors]))];
        var matrix = new FactorMatrix(rows, factors);
        double[] direction = new double[factors];
        for (int row = 0; row < rows; row++)
        {
            Direction(normal, spectrum, direction);
            Span<float> values = matrix.MutableRow(row);
            double[] taste = tastes[TasteOf(row, tastes.Length)];
            double own = Math.Sqrt(1 - TasteShare * TasteShare), squares = 0;
            for (int j = 0; j < factors; j++)
            {
                direction[j] = own * direction[j] + TasteShare * taste[j];
                squares += direction[j] * direction[j];
            }
            // The two are not at right angles: without this the rows were not in the order of their lengths.
            for (int j = 0; j < factors; j++) values[j] = (float)(lengths[row] / Math.Sqrt(squares) * direction[j]);
        }
        return matrix;
    }

    /// <summary>
    /// Vectors of customers: as a fold-in's, combinations of the rows of a history, whose items are of a few tastes, popular ones more
    /// often. The items are rotated into their Gramian's eigenbasis, as a training does.
    /// </summary>
    public static FactorMatrix Customers(FactorMatrix items, int count, int seed)
    {
        var random = new Random(seed);
        var customers = new FactorMatrix(count, items.Factors);
        int tastes = Tastes(items.Rows);
        for (int customer = 0; customer < count; customer++)
        {
            int[] liked = [.. Enumerable.Range(0, TastesPerCustomer).Select(_ => random.Next(tastes))];
            Span<float> vector = customers.MutableRow(customer);
            for (int found = 0; found < HistoryLength;)
            {
                int item = (int)(items.Rows * Math.Pow(random.NextDouble(), Popular));
                // The next one of the taste behind it.
                while (item < items.Rows && !liked.Contains(TasteOf(item, tastes))) item++;
                if (item == items.Rows) continue;
                TensorPrimitives.MultiplyAdd(items.Row(item), (float)(0.5 + random.NextDouble()), vector, vector);
                found++;
            }
            TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        }
        Eigenbasis.RotateInto(items, customers, VectorKernels.Best, Environment.ProcessorCount, CancellationToken.None);
        return customers;
    }

    private static int Tastes(int items) => Math.Max(10, items / ItemsPerTaste);

    private static int TasteOf(int item, int tastes) => (int)((uint)item * 2654435761u % (uint)tastes);

    private static double[] Direction(NormalNumbers normal, double[] spectrum, double[] direction)
    {
        double squares = 0;
        for (int j = 0; j < direction.Length; j++)
        {
            direction[j] = spectrum[j] * normal.Next() * Math.Exp(Tails * normal.Next());
            squares += direction[j] * direction[j];
        }
        for (int j = 0; j < direction.Length; j++) direction[j] /= Math.Sqrt(squares);
        return direction;
    }

    /// <summary>
    /// A catalogue by its size, or yelp2018 as it was trained where the data is; items by falling length, with customers' vectors.
    /// </summary>
    public static (FactorMatrix Items, FactorMatrix Customers) Trained(string catalogue, int factors)
    {
        if (catalogue == "yelp2018" && Yelp2018() is { } interactions)
        {
            var options = new FactorizationOptions { Factors = factors, Sweeps = 8, UnobservedWeight = 0.03 };
            (FactorMatrix customers, FactorMatrix trained) =
                ImplicitAls.Fit(interactions, options, seed: 1, Environment.ProcessorCount, VectorKernels.Best, CancellationToken.None);
            Eigenbasis.RotateInto(trained, customers, VectorKernels.Best, Environment.ProcessorCount, CancellationToken.None);
            return (ByFallingLength(trained), Drawn(customers, 1024));
        }
        int rows = catalogue switch { "10k" => 10_000, "25k" => 25_000, "yelp2018" => 38_048, "100k" => 100_000, _ => 1_000_000 };
        FactorMatrix items = Factors(rows, factors, seed: 1);
        return (items, Customers(items, 1024, seed: 2));
    }

    private static FactorMatrix ByFallingLength(FactorMatrix items)
    {
        var sorted = new FactorMatrix(items.Rows, items.Factors);
        int[] order = [.. Enumerable.Range(0, items.Rows).OrderByDescending(item => TensorPrimitives.Norm(items.Row(item)))];
        for (int row = 0; row < items.Rows; row++) items.Row(order[row]).CopyTo(sorted.MutableRow(row));
        return sorted;
    }

    private static FactorMatrix Drawn(FactorMatrix customers, int count)
    {
        var random = new Random(4);
        var drawn = new FactorMatrix(count, customers.Factors);
        for (int row = 0; row < count; row++) customers.Row(random.Next(customers.Rows)).CopyTo(drawn.MutableRow(row));
        return drawn;
    }

    /// <summary>Interactions in which item popularity and activity of customers follow power laws.</summary>
    public static InteractionMatrix Interactions(int customers, int items, int perCustomer, int seed)
    {
        var random = new Random(seed);
        return InteractionMatrix.FromPairs(customers, items, Enumerable.Range(0, customers).SelectMany(customer =>
        {
            int activity = (int)(perCustomer * 0.4 / Math.Sqrt(1 - 0.99 * random.NextDouble()));
            return Enumerable.Range(0, Math.Max(1, activity)).Select(_ =>
                (customer, (int)(items * Math.Pow(random.NextDouble(), 2.5)))).ToArray();
        }));
    }

    /// <summary>
    /// The training part of yelp2018 (lines of `customer item item ...`) where RECOMMENDER_SHARED, else ../shared
    /// beside the project, has it.
    /// </summary>
    public static InteractionMatrix? Yelp2018()
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Recommender.sln"))) root = Path.GetDirectoryName(root);
        string? shared = Environment.GetEnvironmentVariable("RECOMMENDER_SHARED") ?? (root is null ? null : Path.Combine(root, "..", "shared"));
        string file = Path.Combine(shared ?? "", "data", "yelp2018", "train.txt.gz");
        if (!File.Exists(file)) return null;
        var pairs = new List<(int Customer, int Item)>();
        using var lines = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            int[] numbers = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text =>
                int.Parse(text, CultureInfo.InvariantCulture))];
            pairs.AddRange(numbers.Skip(1).Select(item => (numbers[0], item)));
        }
        return InteractionMatrix.FromPairs(pairs.Max(pair => pair.Customer) + 1, pairs.Max(pair => pair.Item) + 1, pairs);
    }
}
