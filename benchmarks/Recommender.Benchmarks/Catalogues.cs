using System.Globalization;
using System.IO.Compression;
using Recommender.Factorization;
using Recommender.Interactions;

namespace Recommender.Benchmarks;

/// <summary>Generated inputs that imitate real ones, the same in every run.</summary>
internal static class Catalogues
{
    /// <summary>
    /// Item factors with the two properties of trained ones that matter to a scan: lengths fall off log-normally (few items are
    /// popular), and the coordinates' variances fall off by a power law, as the eigenvalues of a Gramian do.
    /// </summary>
    public static FactorMatrix Factors(int rows, int factors, ulong seed)
    {
        var normal = new NormalNumbers(seed);
        var matrix = new FactorMatrix(rows, factors);
        for (int row = 0; row < rows; row++)
        {
            double length = 0.3 * Math.Exp(0.6 * normal.Next());
            Span<float> values = matrix.MutableRow(row);
            for (int j = 0; j < factors; j++) values[j] = (float)(length * normal.Next() / Math.Sqrt(factors) * Math.Pow(1 + j, -0.4));
        }
        return matrix;
    }

    /// <summary>Interactions in which item popularity and activity of customers follow power laws.</summary>
    public static InteractionMatrix Interactions(int customers, int items, int perCustomer, int seed)
    {
        var random = new Random(seed);
        return InteractionMatrix.FromPairs(customers, items, Enumerable.Range(0, customers).SelectMany(customer =>
        {
            int activity = (int)(perCustomer * 0.4 / Math.Sqrt(1 - 0.99 * random.NextDouble()));
            return Enumerable.Range(0, Math.Max(1, activity)).Select(_ => (customer, (int)(items * Math.Pow(random.NextDouble(), 2.5)))).ToArray();
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
            int[] numbers = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
            pairs.AddRange(numbers.Skip(1).Select(item => (numbers[0], item)));
        }
        return InteractionMatrix.FromPairs(pairs.Max(pair => pair.Customer) + 1, pairs.Max(pair => pair.Item) + 1, pairs);
    }
}
