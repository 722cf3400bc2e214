using Recommender.ColdStart;
using Recommender.Models;
using Recommender.Repeats;

namespace Recommender.Scoring;

/// <summary>
/// What a model can be asked. All is checked at once and first: a call that is refused half-way would leave its marks on the next one.
/// </summary>
internal static class RequestCheck
{
    /// <exception cref="ArgumentException">
    /// A mask is too small, there are not as many confidences as items, or an item is not the model's.
    /// </exception>
    public static void RequireKnown(TrainedModel model, ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, ReadOnlySpan<int> refused,
        ReadOnlySpan<DueItem> expected, ItemMask eligible, ReadOnlySpan<int> excluded)
    {
        if (items.Length != confidences.Length)
            throw new ArgumentException($"{items.Length} items, {confidences.Length} confidences.", nameof(confidences));
        foreach (int item in items) RequireKnown(model, item, nameof(items));
        foreach (int item in refused) RequireKnown(model, item, nameof(refused));
        foreach (DueItem due in expected) RequireKnown(model, due.Item, nameof(expected));
        RequireMask(model, eligible, excluded);
    }

    /// <summary>The same of items that are looked at, which may be newcomers.</summary>
    /// <exception cref="ArgumentException">A mask is too small, or an item is neither the model's nor a newcomer.</exception>
    public static void RequireContext(TrainedModel model, ReadOnlySpan<int> items, Newcomers newcomers, ItemMask eligible,
        ReadOnlySpan<int> excluded)
    {
        foreach (int item in items) if (!newcomers.Contains(item)) RequireKnown(model, item, nameof(items));
        RequireMask(model, eligible, excluded);
    }

    /// <exception cref="ArgumentException">A mask is too small, or a number that no item can have is excluded.</exception>
    public static void RequireMask(TrainedModel model, ItemMask eligible, ReadOnlySpan<int> excluded)
    {
        int count = model.Items.Count;
        if (eligible.Length < count)
            throw new ArgumentException($"The mask covers {eligible.Length} items, the model has {count}.", nameof(eligible));
        foreach (int item in excluded) ArgumentOutOfRangeException.ThrowIfNegative(item, nameof(excluded));
    }

    private static void RequireKnown(TrainedModel model, int item, string name) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)model.Items.Count, name);
}
