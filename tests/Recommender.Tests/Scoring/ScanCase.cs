using Recommender.Factorization;
using Recommender.Scoring;
using Recommender.Tests.Factorization;

namespace Recommender.Tests.Scoring;

/// <summary>One question to a scan, drawn from all that a scan may be asked, and the answer by scoring everything and sorting.</summary>
internal sealed record ScanCase(FactorMatrix Items, FactorMatrix Vector, AddedScores? Added, ItemMask Eligible, ItemMask Excluded,
    Boost[] Boosts, int Wanted, string What)
{
    public static ScanCase Draw(PlantedFactors.Kind kind, int round, Random random)
    {
        int count = round switch { 0 => 1, 1 => 64, 2 => 65, _ => random.Next(1, round % 5 == 0 ? 5000 : 1200) };
        FactorMatrix items = PlantedFactors.Of(kind, count, random.Next(1, 140), random);
        return Of(items, random);
    }

    /// <summary>A question about so many items that a scan meets more blocks than it can keep bounds of.</summary>
    public static ScanCase DrawLarge(PlantedFactors.Kind kind, Random random) => Of(PlantedFactors.Of(kind, 30_000, 8, random), random);

    /// <summary>Another question about the same items.</summary>
    public ScanCase Other(Random random) => Of(Items, random);

    public ScanQuery Query() =>
        new()
        {
            Vector = Vector,
            Added = Added,
            Eligible = Eligible,
            Excluded = Excluded,
            Boosts = [.. Boosts],
            Top =
            new ScoredItem[Wanted]
        };

    public IEnumerable<ScoredItem> Expected(FactorScan scan) => Enumerable.Range(0, Items.Rows).Where(item =>
        Eligible[item] && !Excluded[item])
        .Select(item => new ScoredItem(item, NumberOf(scan.Score(Vector, Added, item, Boosts))))
        .OrderByDescending(scored => scored.Score).ThenBy(scored => scored.Item).Take(Wanted);

    public override string ToString() => What;

    private static ScanCase Of(FactorMatrix items, Random random)
    {
        int count = items.Rows, vectors = random.Next(8), wanted = random.Next(4) == 0 ? random.Next(1, 2 * count + 2) : random.Next(1, 30);
        FactorMatrix vector = VectorKernelsTests.Random(1, items.Factors, random.Next());
        float factor = vectors switch { 0 => 0, 1 => 1e-30f, 2 => 1e-14f, 3 => 1e19f, 4 => float.MaxValue, _ => 1 };
        foreach (ref float value in vector.MutableRow(0)) value *= factor;
        // Like an item: its product with it is the greatest there is.
        if (vectors == 7) items.Row(random.Next(count)).CopyTo(vector.MutableRow(0));
        double open = ((double[])[1, 1, 0.5, 0.05, 0.003, 0])[random.Next(6)];
        ItemMask eligible = new(count + random.Next(100)), excluded = new(count + random.Next(100));
        for (int item = 0; item < eligible.Length; item++) eligible[item] = random.NextDouble() < open;
        for (int item = 0; item < excluded.Length; item++) excluded[item] = random.Next(10) == 0;
        Boost[] boosts = [.. Enumerable.Range(0, Math.Max(0, random.Next(6) - 2)).Select(_ => Boosted(count, random))];
        AddedScores? added = random.Next(3) == 0 ? null : AddedTo(count, random);
        return new ScanCase(items, vector, added, eligible, excluded, boosts, wanted,
            $"{count} x {items.Factors}, vector times {factor}, {wanted} wanted, open {open}, {boosts.Length} boosts, added {added is not null}");
    }

    private static Boost Boosted(int count, Random random)
    {
        var items = new ItemMask(random.Next(2) == 0 ? count : random.Next(1, count + 100));
        double share = Math.Pow(random.NextDouble(), 3);
        for (int item = 0; item < items.Length; item++) items[item] = random.NextDouble() < share;
        return new Boost(items, ((float[])[0.01f, 0.3f, 0.9f, 1.1f, 7, 100])[random.Next(6)]);
    }

    private static AddedScores AddedTo(int count, Random random)
    {
        float size = MathF.Pow(10, random.Next(-3, 3));
        var added = new AddedScores(new FixedScores([.. Enumerable.Range(0, count).Select(_ => size * random.Next(-3, 3) / 10f)]));
        // What an earlier question left is gone.
        added.Start(1);
        added.Add(random.Next(count), 1e6f);
        added.Start(random.Next(3) / 2f);
        int step = random.Next(1, 200);
        for (int item = 0; item < count; item += random.Next(1, step + 1)) added.Add(item, size * random.Next(-3, 4) / 10f);
        if (random.Next(10) == 0) added.Add(random.Next(count), ((float[])[float.NaN, float.PositiveInfinity,
            float.NegativeInfinity])[random.Next(3)]);
        return added;
    }

    private static float NumberOf(float score) => float.IsNaN(score) ? float.NegativeInfinity : score;
}
