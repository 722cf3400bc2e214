using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Recommender.Catalogue;

namespace Recommender.Storage;

/// <summary>
/// Attributes as a JSON object that a person can read: text, numbers, flags and lists are JSON's own, an instant is <c>{"instant": "..."}</c>,
/// so that a text that looks like a date stays a text.
/// </summary>
internal static class AttributeJson
{
    private static readonly AttributeValue.Flag _true = new(true), _false = new(false);

    private static readonly JsonWriterOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="owner">Whose they are, for the error: "item".</param>
    /// <exception cref="ArgumentException">A value could not be given back as it was sent.</exception>
    public static byte[] Write(IReadOnlyDictionary<string, AttributeValue> attributes, string owner, string id)
    {
        Storable.RequireAttributes(attributes, owner, id);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, _plain))
        {
            json.WriteStartObject();
            foreach ((string name, AttributeValue value) in attributes)
            {
                json.WritePropertyName(name);
                WriteValue(json, value);
            }
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    public static ImmutableSortedDictionary<string, AttributeValue> Read(ReadOnlySpan<byte> utf8)
    {
        var read = new List<KeyValuePair<string, AttributeValue>>();
        Read(utf8, read);
        return ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, read);
    }

    /// <param name="shapes">Where many are read together, their names are kept once.</param>
    public static ItemAttributes ReadItem(ReadOnlySpan<byte> utf8, StoredShapes? shapes = null)
    {
        var read = new List<KeyValuePair<string, AttributeValue>>();
        Read(utf8, read, shapes);
        return ItemAttributes.Of(CollectionsMarshal.AsSpan(read));
    }

    private static void Read(ReadOnlySpan<byte> utf8, List<KeyValuePair<string, AttributeValue>> attributes, StoredShapes? shapes = null)
    {
        var json = new Utf8JsonReader(utf8);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            json.Read();
            attributes.Add(new(shapes?.Name(name) ?? name, ReadValue(ref json)));
        }
    }

    private static void WriteValue(Utf8JsonWriter json, AttributeValue value)
    {
        switch (value)
        {
            case AttributeValue.Text text:
                json.WriteStringValue(text.Value);
                break;
            case AttributeValue.Number number:
                json.WriteNumberValue(number.Value);
                break;
            case AttributeValue.Flag flag:
                json.WriteBooleanValue(flag.Value);
                break;
            case AttributeValue.Instant instant:
                json.WriteStartObject();
                json.WriteString("instant", instant.Value.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
                json.WriteEndObject();
                break;
            case AttributeValue.TextList list:
                json.WriteStartArray();
                foreach (string text in list.Values.AsSpan()) json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value), value.Kind, "unknown");
        }
    }

    /// <summary>Of a value that begins with a token of this type.</summary>
    /// <exception cref="JsonException">None does.</exception>
    internal static AttributeKind KindOf(JsonTokenType first) => first switch
    {
        JsonTokenType.String => AttributeKind.Text,
        JsonTokenType.Number => AttributeKind.Number,
        JsonTokenType.True or JsonTokenType.False => AttributeKind.Flag,
        JsonTokenType.StartArray => AttributeKind.TextList,
        JsonTokenType.StartObject => AttributeKind.Instant,
        _ => throw new JsonException($"an attribute of the type {first} was not written by this program."),
    };

    /// <param name="json">At the first token of the value; afterwards at its last.</param>
    internal static AttributeValue ReadValue(ref Utf8JsonReader json)
    {
        switch (KindOf(json.TokenType))
        {
            case AttributeKind.Text:
                return new AttributeValue.Text(json.GetString()!);
            case AttributeKind.Number:
                return new AttributeValue.Number(json.GetDouble());
            case AttributeKind.Flag:
                return json.GetBoolean() ? _true : _false;
            case AttributeKind.TextList:
                var texts = ImmutableArray.CreateBuilder<string>();
                while (json.Read() && json.TokenType == JsonTokenType.String) texts.Add(json.GetString()!);
                return new AttributeValue.TextList(texts.ToImmutable());
            case AttributeKind.Instant:
                json.Read();
                json.Read();
                var instant = new AttributeValue.Instant(json.GetDateTimeOffset());
                json.Read();
                return instant;
            default:
                throw new UnreachableException();
        }
    }
}
