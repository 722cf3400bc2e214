using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Recommender.Models;

/// <summary>JSON in snake_case in which a key that nobody knows is an error that names the nearest known one.</summary>
internal static class StrictJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        // People write "kind" where they like.
        AllowOutOfOrderMetadataProperties = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The same leniency for <see cref="JsonDocument"/>.</summary>
    public static JsonDocumentOptions Reading { get; } = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <param name="what">What is read, for the message.</param>
    /// <exception cref="InvalidRecipeException">Not JSON, an unknown key, or a value of the wrong type.</exception>
    public static T? Read<T>(ReadOnlyMemory<byte> json, string what = "recipe")
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Reading);
            RefuseUnknownKeys(document.RootElement, typeof(T), "");
            return document.RootElement.Deserialize<T>(Options);
        }
        catch (JsonException e)
        {
            throw new InvalidRecipeException($"The {what} cannot be read: {e.Message}", e);
        }
    }

    private static void RefuseUnknownKeys(JsonElement element, Type type, string path)
    {
        JsonTypeInfo info = Options.GetTypeInfo(type);
        if (element.ValueKind == JsonValueKind.Array && info.ElementType is { } elementType)
        {
            int at = 0;
            foreach (JsonElement one in element.EnumerateArray()) RefuseUnknownKeys(one, elementType, $"{path.TrimEnd('.')}[{at++}].");
        }
        if (element.ValueKind != JsonValueKind.Object || info.Kind != JsonTypeInfoKind.Object) return;
        string? discriminator = info.PolymorphismOptions?.TypeDiscriminatorPropertyName;
        if (discriminator is not null) info = Options.GetTypeInfo(KindOf(element, info.PolymorphismOptions!, path));
        foreach (JsonProperty key in element.EnumerateObject())
        {
            if (key.Name == discriminator) continue;
            // What cannot be set follows from the rest: nobody may believe that it does something.
            IEnumerable<JsonPropertyInfo> settable = info.Properties.Where(property => property.Set is not null);
            JsonPropertyInfo? known = settable.FirstOrDefault(property => property.Name == key.Name);
            if (known is null)
                throw new InvalidRecipeException($"Unknown key '{path}{key.Name}'{NearestName.Hint(key.Name, settable.Select(property => property.Name))}");
            if (key.Value.ValueKind == JsonValueKind.Null && !MayBeNull(known)) throw new InvalidRecipeException($"'{path}{key.Name}' is null; leave it out or give {Expected(known.PropertyType)}.");
            RefuseUnknownKeys(key.Value, known.PropertyType, $"{path}{key.Name}.");
        }
    }

    private static bool MayBeNull(JsonPropertyInfo property) =>
        property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null : property.IsSetNullable;

    private static string Expected(Type type) => Options.GetTypeInfo(type).Kind switch
    {
        JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object, {...}",
        JsonTypeInfoKind.Enumerable => "a list, [...]",
        _ => type == typeof(string) ? "a text" : type == typeof(bool) ? "true or false" : "a number",
    };

    private static Type KindOf(JsonElement element, JsonPolymorphismOptions kinds, string path)
    {
        string name = kinds.TypeDiscriminatorPropertyName;
        string given = element.TryGetProperty(name, out JsonElement kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString()! : "";
        foreach (JsonDerivedType known in kinds.DerivedTypes)
        {
            if (given.Length > 0 && Equals(known.TypeDiscriminator, given)) return known.DerivedType;
        }
        string all = string.Join(", ", kinds.DerivedTypes.Select(known => $"\"{known.TypeDiscriminator}\""));
        if (given.Length == 0) throw new InvalidRecipeException($"'{path}{name}' is missing; it is one of {all}.");
        string hint = NearestName.Hint(given, kinds.DerivedTypes.Select(known => (string)known.TypeDiscriminator!));
        throw new InvalidRecipeException($"'{path}{name}' is \"{given}\"{(hint.Length > 0 ? hint : ".")} Known are {all}.");
    }
}
