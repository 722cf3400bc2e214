namespace Recommender.Cli.Demo;

/// <summary>Draws an index by weight: a search in the cumulative weights.</summary>
internal sealed class BookshopLottery
{
    private readonly double[] _cumulative;

    public BookshopLottery(IReadOnlyList<double> weights)
    {
        _cumulative = new double[weights.Count];
        double sum = 0;
        for (int i = 0; i < weights.Count; i++) _cumulative[i] = sum += weights[i];
    }

    public int Draw(Random random)
    {
        int found = Array.BinarySearch(_cumulative, random.NextDouble() * _cumulative[^1]);
        return Math.Min(found < 0 ? ~found : found + 1, _cumulative.Length - 1);
    }
}
