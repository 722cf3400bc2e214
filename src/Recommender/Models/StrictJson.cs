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
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <param name="what">What is read, for the message.</param>
    /// <exception cref="InvalidRecipeException">Not JSON, an unknown key, or a value of the wrong type.</exception>
    public static T? Read<T>(ReadOnlyMemory<byte> json, string what = "recipe")
    {
        try
        {
            var reading = new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
            using JsonDocument document = JsonDocument.Parse(json, reading);
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
        if (element.ValueKind != JsonValueKind.Object) return;
        JsonTypeInfo info = Options.GetTypeInfo(type);
        if (info.Kind != JsonTypeInfoKind.Object) return;
        foreach (JsonProperty key in element.EnumerateObject())
        {
            JsonPropertyInfo? known = info.Properties.FirstOrDefault(property => property.Name == key.Name);
            if (known is null)
                throw new InvalidRecipeException($"Unknown key '{path}{key.Name}'{NearestName.Hint(key.Name, info.Properties.Select(property => property.Name))}");
            RefuseUnknownKeys(key.Value, known.PropertyType, $"{path}{key.Name}.");
        }
    }
}
