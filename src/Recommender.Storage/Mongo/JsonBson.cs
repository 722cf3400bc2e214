using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// JSON text as a subdocument, to be searched and read like any other. What would not come back letter by letter (white space, other escapes, numbers of
/// another form, a name that no field can have, no JSON at all) stays a string: whoever wrote the text gets that text.
/// </summary>
internal static class JsonBson
{
    private static readonly JsonWriterOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static BsonWriter Json(this BsonWriter writer, string name, string text)
    {
        using var carried = new BsonWriter();
        if (!text.StartsWith('{') || !IsWritten(carried, text)) return writer.String(name, text);
        var read = new BsonReader(carried.Close().Span);
        read.Read();
        return read.Json() == text ? writer.Document(name, read.Document()) : writer.String(name, text);
    }

    public static string Json(this BsonReader reader)
    {
        if (reader.Type == BsonType.String) return reader.String();
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, _plain)) WriteValue(json, reader);
        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static bool IsWritten(BsonWriter writer, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            Write(writer, "text", json.RootElement);
            return true;
        }
        // It only begins like JSON, or has a name that no field can have, or half a character.
        catch (Exception unfit) when (unfit is JsonException or ArgumentException or NotSupportedException or InvalidOperationException) { return false; }
    }

    private static void Write(BsonWriter writer, string name, JsonElement value)
    {
        if (name.StartsWith('$')) throw new NotSupportedException($"{name} would be an operator.");
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                writer.BeginDocument(name);
                foreach (var field in value.EnumerateObject())
                {
                    if (!names.Add(field.Name)) throw new NotSupportedException($"{field.Name} is there twice.");
                    Write(writer, field.Name, field.Value);
                }
                writer.End();
                break;
            case JsonValueKind.Array:
                writer.BeginArray(name);
                foreach (var element in value.EnumerateArray()) Write(writer, "", element);
                writer.End();
                break;
            case JsonValueKind.String:
                writer.String(name, value.GetString()!);
                break;
            case JsonValueKind.Number when value.TryGetInt32(out int number):
                writer.Int32(name, number);
                break;
            case JsonValueKind.Number when value.TryGetInt64(out long number):
                writer.Int64(name, number);
                break;
            case JsonValueKind.Number:
                writer.Double(name, value.GetDouble());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.Boolean(name, value.GetBoolean());
                break;
            default:
                writer.Null(name);
                break;
        }
    }

    private static void WriteValue(Utf8JsonWriter json, BsonReader value)
    {
        switch (value.Type)
        {
            case BsonType.Document:
                json.WriteStartObject();
                var fields = new BsonReader(value.Document());
                while (fields.Read())
                {
                    json.WritePropertyName(fields.Name);
                    WriteValue(json, fields);
                }
                json.WriteEndObject();
                break;
            case BsonType.Array:
                json.WriteStartArray();
                var elements = new BsonReader(value.Document());
                while (elements.Read()) WriteValue(json, elements);
                json.WriteEndArray();
                break;
            case BsonType.String:
                json.WriteStringValue(value.Utf8());
                break;
            case BsonType.Int32 or BsonType.Int64:
                json.WriteNumberValue(value.Int64());
                break;
            case BsonType.Double:
                json.WriteNumberValue(value.Double());
                break;
            case BsonType.Boolean:
                json.WriteBooleanValue(value.Boolean());
                break;
            case BsonType.Null:
                json.WriteNullValue();
                break;
            default:
                throw new InvalidBsonException($"The field {value.Name} is {value.Type}, which JSON has not.");
        }
    }
}
