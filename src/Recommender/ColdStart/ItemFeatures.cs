using System.Collections.Immutable;
using System.Globalization;
using Recommender.Catalogue;
using Recommender.Interactions;

namespace Recommender.ColdStart;

/// <summary>
/// The values and words by which items are alike, numbered, and what each item has of them. A text or a value of a list is one feature
/// (<c>authors TAB =Jane Austen</c>), so is each word of a title or text (<c>title TAB ~pride</c>); a number lies between two steps
/// (<c>year TAB #1813</c>) and has a part of both.
/// </summary>
internal sealed class ItemFeatures
{
    // A longer text is prose: it is read by its words.
    private const int LongestValue = 60;
    private const int ShortestWord = 2;

    private readonly Dictionary<string, Steps> _steps = new(StringComparer.Ordinal);
    private readonly float _wordWeight;

    /// <param name="names">As they were learned.</param>
    /// <param name="wordWeight">Value of a word; of everything else it is 1.</param>
    public ItemFeatures(Vocabulary names, double wordWeight)
    {
        (Names, _wordWeight) = (names, (float)wordWeight);
        var steps = new Dictionary<string, List<(double At, int Number)>>(StringComparer.Ordinal);
        for (int number = 0; number < names.Count; number++)
        {
            string name = names[number];
            int tab = name.IndexOf('\t', StringComparison.Ordinal);
            if (tab < 0 || tab + 1 == name.Length || name[tab + 1] != '#') continue;
            if (!double.TryParse(name.AsSpan(tab + 2), NumberStyles.Float, CultureInfo.InvariantCulture, out double at)) continue;
            if (!steps.TryGetValue(name[..tab], out List<(double, int)>? ofAttribute)) steps[name[..tab]] = ofAttribute = [];
            ofAttribute.Add((at, number));
        }
        foreach ((string attribute, List<(double At, int Number)> ofAttribute) in steps)
        {
            ofAttribute.Sort();
            _steps[attribute] = new Steps([.. ofAttribute.Select(step => step.At)], [.. ofAttribute.Select(step => step.Number)]);
        }
    }

    public Vocabulary Names { get; }

    public int Count => Names.Count;

    /// <summary>Finds the features that are worth learning: those that several items have, and steps for numbers.</summary>
    public static ItemFeatures Learn(IEnumerable<Item> items, NewItemOptions options)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var numbers = new SortedDictionary<string, List<double>>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int all = 0;
        foreach (Item item in items)
        {
            all++;
            seen.Clear();
            foreach ((string attribute, AttributeValue value) in item.Attributes)
            {
                if (options.Ignored.Contains(attribute)) continue;
                if (NumberOf(value) is { } number)
                {
                    if (!numbers.TryGetValue(attribute, out List<double>? values)) numbers[attribute] = values = [];
                    values.Add(number);
                }
                else
                {
                    foreach (string name in NamesOf(attribute, value, options.WordWeight > 0)) seen.Add(name);
                }
            }
            foreach (string name in seen) counts[name] = counts.GetValueOrDefault(name) + 1;
        }
        var names = new VocabularyBuilder();
        foreach ((string attribute, List<double> values) in numbers)
        {
            foreach (double step in StepsOf(values, options.Bands)) names.Add(string.Create(CultureInfo.InvariantCulture, $"{attribute}\t#{step:R}"));
        }
        // What every item has tells none from another.
        IEnumerable<string> shared = counts.Where(name => name.Value >= options.LeastItems && name.Value < all)
            .OrderByDescending(name => name.Value).ThenBy(name => name.Key, StringComparer.Ordinal).Take(options.MostFeatures).Select(name => name.Key);
        foreach (string name in shared) names.Add(name);
        return new ItemFeatures(names.Build(), options.WordWeight);
    }

    /// <summary>What an item has, by ascending number; empty where nothing of it is known.</summary>
    public void Of(Item item, List<(int Feature, float Value)> features)
    {
        features.Clear();
        foreach ((string attribute, AttributeValue value) in item.Attributes)
        {
            if (NumberOf(value) is { } number)
            {
                if (_steps.TryGetValue(attribute, out Steps? steps)) steps.Place(number, features);
                continue;
            }
            foreach (string name in NamesOf(attribute, value, _wordWeight > 0))
            {
                if (Names.TryGetNumber(name, out int feature)) features.Add((feature, IsWord(name, attribute) ? _wordWeight : 1));
            }
        }
        features.Sort();
        for (int k = features.Count - 1; k > 0; k--)
        {
            if (features[k].Feature == features[k - 1].Feature) features.RemoveAt(k);
        }
    }

    /// <summary>Items x features.</summary>
    public InteractionMatrix MatrixOf(IReadOnlyList<Item?> items)
    {
        var starts = new long[items.Count + 1];
        var columns = new List<int>();
        var values = new List<float>();
        var ofItem = new List<(int Feature, float Value)>();
        for (int item = 0; item < items.Count; item++)
        {
            ofItem.Clear();
            if (items[item] is { } known) Of(known, ofItem);
            foreach ((int feature, float value) in ofItem)
            {
                columns.Add(feature);
                values.Add(value);
            }
            starts[item + 1] = columns.Count;
        }
        return new InteractionMatrix(Count, starts, [.. columns], [.. values]);
    }

    /// <summary>The attribute and the value for people: ("authors", "Jane Austen"). Null for words and numbers, which are no reason by themselves.</summary>
    public (string Attribute, string Value)? Shown(int feature)
    {
        string name = Names[feature];
        int tab = name.IndexOf('\t', StringComparison.Ordinal);
        return name[tab + 1] == '=' ? (name[..tab], name[(tab + 2)..]) : null;
    }

    private static bool IsWord(string name, string attribute) => name[attribute.Length + 1] == '~';

    private static double? NumberOf(AttributeValue value) => value switch
    {
        AttributeValue.Number { Value: var number } when double.IsFinite(number) => number,
        AttributeValue.Instant { Value: var moment } => Math.Floor(moment.ToUnixTimeSeconds() / 86400.0),
        _ => null,
    };

    private static IEnumerable<string> NamesOf(string attribute, AttributeValue value, bool words) => value switch
    {
        AttributeValue.Text text when attribute == "title" || text.Value.Length > LongestValue => words ? WordsOf(attribute, text.Value) : [],
        AttributeValue.Text text => [$"{attribute}\t={text.Value}"],
        AttributeValue.TextList list => list.Values.Where(one => one.Length <= LongestValue).Select(one => $"{attribute}\t={one}"),
        AttributeValue.Flag flag => [$"{attribute}\t={(flag.Value ? "yes" : "no")}"],
        _ => [],
    };

    private static IEnumerable<string> WordsOf(string attribute, string text)
    {
        int start = -1;
        for (int at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && char.IsLetterOrDigit(text[at]))
            {
                if (start < 0) start = at;
                continue;
            }
            if (start >= 0 && at - start >= ShortestWord) yield return $"{attribute}\t~{text[start..at].ToLowerInvariant()}";
            start = -1;
        }
    }

    private static IEnumerable<double> StepsOf(List<double> values, int bands)
    {
        values.Sort();
        return Enumerable.Range(0, bands + 1).Select(step => values[(int)((long)step * (values.Count - 1) / bands)]).Distinct();
    }

    /// <summary>The steps of one number, ascending.</summary>
    private sealed record Steps(double[] At, int[] Numbers)
    {
        public void Place(double value, List<(int Feature, float Value)> features)
        {
            int above = Array.BinarySearch(At, value);
            if (above < 0) above = ~above;
            else
            {
                features.Add((Numbers[above], 1));
                return;
            }
            if (above == 0 || above == At.Length)
            {
                features.Add((Numbers[Math.Min(above, At.Length - 1)], 1));
                return;
            }
            float part = (float)((value - At[above - 1]) / (At[above] - At[above - 1]));
            if (part < 1) features.Add((Numbers[above - 1], 1 - part));
            if (part > 0) features.Add((Numbers[above], part));
        }
    }
}
