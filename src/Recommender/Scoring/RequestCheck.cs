using Recommender.Models;
using Recommender.Repeats;

namespace Recommender.Scoring;

/// <summary>What a model can be asked. All is checked at once and first: a call that is refused half-way would leave its marks on the next one.</summary>
internal static class RequestCheck
{
    /// <exception cref="ArgumentException">A mask is too small, there are not as many confidences as items, or an item is not the model's.</exception>
    public static void RequireKnown(TrainedModel model, ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, ReadOnlySpan<int> refused,
        ReadOnlySpan<DueItem> expected, ItemMask eligible, ReadOnlySpan<int> excluded)
    {
        if (items.Length != confidences.Length) throw new ArgumentException($"{items.Length} items, {confidences.Length} confidences.", nameof(confidences));
        foreach (DueItem due in expected) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)due.Item, (uint)model.Items.Count, nameof(expected));
        RequireKnown(model, refused, eligible, []);
        RequireKnown(model, items, eligible, excluded);
    }

    /// <inheritdoc cref="RequireKnown(TrainedModel, ReadOnlySpan{int}, ReadOnlySpan{float}, ReadOnlySpan{int}, ReadOnlySpan{DueItem}, ItemMask, ReadOnlySpan{int})"/>
    public static void RequireKnown(TrainedModel model, ReadOnlySpan<int> items, ItemMask eligible, ReadOnlySpan<int> excluded)
    {
        int count = model.Items.Count;
        if (eligible.Length < count)
            throw new ArgumentException($"The mask covers {eligible.Length} items, the model has {count}.", nameof(eligible));
        foreach (int item in items) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)count, nameof(items));
        foreach (int item in excluded) ArgumentOutOfRangeException.ThrowIfNegative(item, nameof(excluded));
    }
}
