using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Recommender.Catalogue;

namespace Recommender.Customers;

/// <summary>The attributes that a shop keeps of its customers. An empty schema, the state before the first is declared, takes any.</summary>
public sealed record ProfileSchema(ImmutableSortedDictionary<string, ProfileAttribute> Attributes)
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static ProfileSchema Empty { get; } = new(ImmutableSortedDictionary.Create<string, ProfileAttribute>(StringComparer.Ordinal));

    /// <summary>What is wrong with a value, as the end of a sentence that begins with the attribute; null if nothing is.</summary>
    public string? ProblemWith(string name, AttributeValue value)
    {
        if (Attributes.IsEmpty) return null;
        if (!Attributes.TryGetValue(name, out ProfileAttribute? declared))
            return $"is not in the profile schema{NearestName.Hint(name, Attributes.Keys)} Declare it first";
        if (declared.Kind != value.Kind) return $"is {Word(value.Kind)}, the profile schema declares {Word(declared.Kind)}";
        if (declared.AllowedValues.IsDefaultOrEmpty) return null;
        IEnumerable<string> given = value switch
        {
            AttributeValue.Text text => [text.Value],
            AttributeValue.TextList list => list.Values,
            _ => [],
        };
        return given.FirstOrDefault(one => !declared.AllowedValues.Contains(one)) is { } foreign
            ? $"is \"{foreign}\", allowed are {string.Join(", ", declared.AllowedValues)}" : null;
    }

    /// <summary>What expressions about customers may name.</summary>
    public Schema ForExpressions => Schema.Declared(Attributes.Select(one => KeyValuePair.Create(one.Key, one.Value.Kind)));

    /// <summary>Whether a customer's value could be kept under this schema.</summary>
    public bool Keeps(string name, AttributeValue value) => Attributes.IsEmpty || ProblemWith(name, value) is null;

    public string ToJson() => JsonSerializer.Serialize(Attributes, _json);

    public static ProfileSchema Parse(string json) =>
        new(JsonSerializer.Deserialize<Dictionary<string, ProfileAttribute>>(json, _json)!.ToImmutableSortedDictionary(StringComparer.Ordinal));

    private static string Word(AttributeKind kind) => kind switch
    {
        AttributeKind.Text => "a text",
        AttributeKind.Number => "a number",
        AttributeKind.Flag => "true or false",
        AttributeKind.Instant => "a time",
        _ => "a list of texts",
    };
}

/// <param name="AllowedValues">For texts: the only ones there are; none lets any in.</param>
public sealed record ProfileAttribute(AttributeKind Kind, string Description, ImmutableArray<string> AllowedValues);
