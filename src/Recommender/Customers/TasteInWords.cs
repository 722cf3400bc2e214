using System.Collections.Immutable;
using Recommender.Catalogue;
using Recommender.Interactions;

namespace Recommender.Customers;

/// <summary>
/// A taste as people would say it: the genres, authors and other attribute values that a person's items share. Observed, as opposed to what
/// the person said themselves.
/// </summary>
public static class TasteInWords
{
    // One item alone says nothing of its attributes: everything about it is "shared".
    private const int FewestItems = 2;

    /// <summary>The values with the largest weight, largest first within each attribute, attributes with the most telling first value first.</summary>
    /// <param name="history">What the person's events add up to.</param>
    /// <param name="find">The catalogue's item of an id, null where it has none.</param>
    /// <param name="valuesAnAttribute">At most so many values of one attribute.</param>
    public static ImmutableArray<TasteWord> Of(History history, Func<string, Item?> find, int valuesAnAttribute)
    {
        var words = new Dictionary<(string Attribute, string Value), Tally>();
        double whole = 0;
        foreach (HistoryEntry entry in history.Entries)
        {
            if (!(entry.Confidence > 0) || find(entry.ItemId) is not { } item) continue;
            whole += entry.Confidence;
            foreach ((string attribute, string value) in WordsOf(item))
            {
                if (!words.TryGetValue((attribute, value), out Tally? tally)) words[(attribute, value)] = tally = new Tally();
                tally.Take(entry);
            }
        }
        return
        [
            .. words.Where(word => word.Value.Items >= FewestItems)
                .Select(word => new TasteWord(word.Key.Attribute, word.Key.Value, word.Value.Confidence / whole, word.Value.Items, word.Value.LastAt))
                .GroupBy(word => word.Attribute, StringComparer.Ordinal)
                .Select(values => values.OrderByDescending(word => word.Weight).ThenBy(word => word.Value, StringComparer.Ordinal).Take(valuesAnAttribute).ToArray())
                .OrderByDescending(values => values[0].Weight).ThenBy(values => values[0].Attribute, StringComparer.Ordinal)
                .SelectMany(values => values),
        ];
    }

    private static IEnumerable<(string Attribute, string Value)> WordsOf(Item item)
    {
        foreach ((string name, AttributeValue value) in item.Attributes)
        {
            if (value is AttributeValue.Text text && text.Value.Length > 0) yield return (name, text.Value);
            if (value is not AttributeValue.TextList list) continue;
            foreach (string one in list.Values.Distinct(StringComparer.Ordinal)) yield return (name, one);
        }
    }

    private sealed class Tally
    {
        public double Confidence { get; private set; }

        public int Items { get; private set; }

        public DateTimeOffset LastAt { get; private set; }

        public void Take(HistoryEntry entry)
        {
            Confidence += entry.Confidence;
            Items++;
            if (entry.LastAt > LastAt) LastAt = entry.LastAt;
        }
    }
}

/// <param name="Weight">The part of the person's confidence that items with this value carry, 0 to 1.</param>
/// <param name="Items">How many of the person's items have it.</param>
/// <param name="LastAt">When it was last seen in what the person did.</param>
public sealed record TasteWord(string Attribute, string Value, double Weight, int Items, DateTimeOffset LastAt);
