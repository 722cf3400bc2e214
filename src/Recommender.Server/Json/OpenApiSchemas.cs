using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace Recommender.Server.Json;

/// <summary>
/// JSON schemas of messages as ProtoJSON writes them; every message and enum that is met is collected under its full name.
/// </summary>
internal sealed class OpenApiSchemas
{
    private readonly SortedDictionary<string, JsonObject> _collected = new(StringComparer.Ordinal);

    /// <summary>For <c>components.schemas</c>.</summary>
    public JsonObject Collected => new(_collected.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Value)));

    public JsonObject Of(FieldDescriptor field)
    {
        if (field.IsMap)
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = OfOne(field.MessageType.FindFieldByNumber(2)) };
        return field.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = OfOne(field) } : OfOne(field);
    }

    public JsonObject Of(MessageDescriptor message)
    {
        if (WellKnown(message) is { } known) return known;
        if (!_collected.ContainsKey(message.FullName))
        {
            var schema = new JsonObject { ["type"] = "object" };
            _collected[message.FullName] = schema; // before its fields, which may lead back to it
            if (Comments.Of(message.Declaration) is { } comment) schema["description"] = comment;
            var properties = new JsonObject();
            foreach (FieldDescriptor field in message.Fields.InDeclarationOrder()) properties[field.Name] = Described(field);
            schema["properties"] = properties;
            schema["additionalProperties"] = false;
        }
        return Reference(message.FullName);
    }

    /// <summary>The schema with the field's comment, and with the fields that exclude it.</summary>
    public JsonObject Described(FieldDescriptor field)
    {
        JsonObject schema = Of(field);
        string? alternatives = field.RealContainingOneof is { } oneof
            ? $"At most one of {string.Join(", ", oneof.Fields.Select(each => each.Name))}."
            : null;
        string description = string.Join(' ', new[] { Comments.Of(field.Declaration), alternatives }.OfType<string>());
        if (description.Length > 0) schema["description"] = description;
        return schema;
    }

    private JsonObject OfOne(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => new JsonObject { ["type"] = "boolean" },
        FieldType.String => new JsonObject { ["type"] = "string" },
        FieldType.Bytes => new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" },
        FieldType.Float => new JsonObject { ["type"] = "number", ["format"] = "float" },
        FieldType.Double => new JsonObject { ["type"] = "number", ["format"] = "double" },
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        FieldType.UInt32 or FieldType.Fixed32 => new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
        // 64 bits do not fit a number of JavaScript: they are written as strings, and read as either.
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Wide("int64"),
        FieldType.UInt64 or FieldType.Fixed64 => Wide("uint64"),
        FieldType.Enum => Of(field.EnumType),
        _ => Of(field.MessageType),
    };

    private JsonObject Of(EnumDescriptor type)
    {
        if (!_collected.ContainsKey(type.FullName))
        {
            var schema = new JsonObject
            {
                ["type"] = "string",
                ["enum"] = new JsonArray([.. type.Values.Select(value => JsonValue.Create(value.Name))])
            };
            IEnumerable<string> said = type.Values.Select(value => (value.Name, Text: Comments.Of(value.Declaration)))
                .Where(value => value.Text is not null).Select(value => $"{value.Name}: {value.Text}");
            string description = string.Join('\n', said.Prepend(Comments.Of(type.Declaration)).OfType<string>());
            if (description.Length > 0) schema["description"] = description;
            _collected[type.FullName] = schema;
        }
        return Reference(type.FullName);
    }

    private static JsonObject? WellKnown(MessageDescriptor message) => message.FullName switch
    {
        "google.protobuf.Timestamp" => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        "google.protobuf.Duration" => new JsonObject { ["type"] = "string", ["pattern"] = @"^-?\d+(\.\d{1,9})?s$" },
        "google.protobuf.FieldMask" => new JsonObject { ["type"] = "string" },
        "google.protobuf.Struct" or "google.protobuf.Empty" => new JsonObject { ["type"] = "object" },
        "google.protobuf.ListValue" => new JsonObject { ["type"] = "array", ["items"] = new JsonObject() },
        "google.protobuf.Value" => [],
        "google.protobuf.Any" => new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["@type"] = new JsonObject { ["type"] = "string" } },
            ["required"] = new JsonArray("@type"),
        },
        "google.protobuf.StringValue" => new JsonObject { ["type"] = new JsonArray("string", "null") },
        "google.protobuf.BytesValue" => new JsonObject { ["type"] = new JsonArray("string", "null"), ["contentEncoding"] = "base64" },
        "google.protobuf.BoolValue" => new JsonObject { ["type"] = new JsonArray("boolean", "null") },
        "google.protobuf.DoubleValue" or "google.protobuf.FloatValue" => new JsonObject { ["type"] = new JsonArray("number", "null") },
        "google.protobuf.Int32Value" or "google.protobuf.UInt32Value" => new JsonObject { ["type"] = new JsonArray("integer", "null") },
        "google.protobuf.Int64Value" or "google.protobuf.UInt64Value" => new JsonObject { ["type"] = new JsonArray("string", "null") },
        _ => null,
    };

    private static JsonObject Wide(string format) => new() { ["type"] = new JsonArray("string", "integer"), ["format"] = format };

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };
}
