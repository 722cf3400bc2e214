using System.Collections.Frozen;
using Recommender.Catalogue;
using Recommender.LifeCycle;
using Recommender.Relationship;

namespace Recommender.Server.Relationships;

/// <summary>Everything a relationship is judged by, replaced whole by a single reference write: what was judged by others is worked out anew.</summary>
internal sealed class RelationshipRules(RelationshipOptions options, FittedModel fitted, KeyAccountSet keyAccounts)
{
    public RelationshipOptions Options { get; } = options;

    public FittedModel Fitted { get; } = fitted;

    public KeyAccountSet KeyAccounts { get; } = keyAccounts;

    public PurchaseModel Model => Fitted.Model;

    public ShopCalendar Calendar { get; } = options.Calendar();

    public StageRules Stages { get; } = new(fitted.Model.Rhythm, options.LifeCycle);

    public Indicators Indicators { get; } = new(options.Indicators);

    public Occasions Occasions { get; } = new(fitted.Intervals, options.Occasions);

    /// <summary>The value by which an item belongs to a category; null where the catalogue gives it none.</summary>
    public string? CategoryOf(Item? item) => item?.Attributes.GetValueOrDefault(Options.CategoryAttribute) switch
    {
        AttributeValue.Text { Value.Length: > 0 } text => text.Value,
        AttributeValue.TextList { Values.IsEmpty: false } list => list.Values[0],
        _ => null,
    };

    /// <summary>The part of an item's price that is margin.</summary>
    public decimal MarginPartOf(Item? item) =>
        Options.MarginAttribute.Length > 0 && item?.Attributes.GetValueOrDefault(Options.MarginAttribute) is AttributeValue.Number { Value: >= 0 and <= 1 } part
            ? (decimal)part.Value
            : 1;

    /// <summary>The first moment of a day by the shop's clock.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Where the clock is put forward at midnight, the day begins an hour later.
        while (Calendar.Zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, Calendar.Zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}

/// <summary>What was learned of when and what customers buy, and when it was.</summary>
internal sealed record FittedModel(PurchaseModel Model, ItemIntervals Intervals, DateTimeOffset? At)
{
    public static FittedModel None { get; } = new(PurchaseModel.Prior, ItemIntervals.Empty, null);
}

/// <summary>The key accounts as they were last worked out.</summary>
internal sealed record KeyAccountSet(FrozenSet<string> CustomerIds)
{
    public static KeyAccountSet None { get; } = new(FrozenSet<string>.Empty);
}
