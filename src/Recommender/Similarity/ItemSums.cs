namespace Recommender.Similarity;

/// <summary>One thread's sums by item: an array of all items, of which only those that were added to are looked at again.</summary>
internal sealed class ItemSums(int items)
{
    private readonly double[] _sums = new double[items];
    private readonly int[] _touched = new int[items];
    private int _count;

    /// <summary>The items that were added to, in the order of their first time.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _count);

    public double this[int item] => _sums[item];

    /// <summary>Adds a positive amount.</summary>
    public void Add(int item, double amount)
    {
        ref double sum = ref _sums[item];
        if (sum == 0) _touched[_count++] = item;
        sum += amount;
    }

    public void Clear()
    {
        foreach (int item in Touched) _sums[item] = 0;
        _count = 0;
    }
}
