using Recommender.Scoring;

namespace Recommender.Tests.Scoring;

public sealed class ItemMaskTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void A_mask_behaves_as_a_set_of_numbers(int length)
    {
        var random = new Random(length);
        ItemMask a = new(length), b = new(length);
        var inA = new HashSet<int>();
        var inB = new HashSet<int>();
        for (int k = 0; k < length; k++)
        {
            int item = random.Next(length);
            a.Set(item);
            inA.Add(item);
            item = random.Next(length);
            b[item] = true;
            inB.Add(item);
            item = random.Next(length);
            a.Clear(item);
            inA.Remove(item);
        }
        IEnumerable<int> all = Enumerable.Range(0, length);
        Assert.Equal(inA.Order(), Items(a));
        Assert.Equal(inA.Count, a.Count);
        Assert.Equal(inA.Intersect(inB).Order(), Items(Changed(a, mask => mask.And(b))));
        Assert.Equal(inA.Union(inB).Order(), Items(Changed(a, mask => mask.Or(b))));
        Assert.Equal(all.Except(inA), Items(Changed(a, mask => mask.Not())));
        Assert.Equal(length - inA.Count, Changed(a, mask => mask.Not()).Count);
        Assert.Equal(length, Changed(a, mask => mask.SetAll()).Count);
        Assert.Equal(0, Changed(a, mask => mask.ClearAll()).Count);
    }

    [Fact]
    public void Items_outside_and_masks_of_another_length_are_refused()
    {
        var mask = new ItemMask(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => mask.Set(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => mask[-1]);
        Assert.Throws<ArgumentException>(() => mask.And(new ItemMask(11)));
    }

    [Fact]
    public void Items_set_and_cleared_at_the_same_time_do_not_disturb_each_other()
    {
        var mask = new ItemMask(64);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 4 }, item =>
        {
            for (int k = 0; k < 1001; k++) mask[item] = k % 2 == item % 2;
        });
        Assert.Equal(Enumerable.Range(0, 32).Select(k => 2 * k), Items(mask));
    }

    private static ItemMask Changed(ItemMask mask, Action<ItemMask> change)
    {
        ItemMask copy = mask.Clone();
        change(copy);
        return copy;
    }

    private static IEnumerable<int> Items(ItemMask mask) => Enumerable.Range(0, mask.Length).Where(item => mask[item]);
}
