namespace Recommender.Relationship;

internal static class Median
{
    /// <summary>The middle value, or the mean of the two in the middle. Sorts its argument.</summary>
    public static double Of(double[] values)
    {
        Array.Sort(values);
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
