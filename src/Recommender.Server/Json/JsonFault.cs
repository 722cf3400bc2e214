using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Recommender.Grpc;

namespace Recommender.Server.Json;

/// <summary>
/// Finds what is wrong with JSON that the parser of protobuf refused. That parser names no place, so the text is walked again beside the
/// message's fields, and each value is given to it alone.
/// </summary>
internal ref struct JsonFault
{
    private const int LongestShown = 60;

    private readonly ReadOnlySpan<byte> _text;
    private readonly int _firstLine;
    private Utf8JsonReader _reader;
    private string _path = "";

    private JsonFault(ReadOnlySpan<byte> text, int firstLine)
    {
        _text = text;
        _firstLine = firstLine;
        _reader = new Utf8JsonReader(text);
    }

    /// <param name="field">Path of the field, as in the protos; empty where it is the text as a whole.</param>
    public static RpcException Of(string field, int line, int column, string problem) =>
        RpcError.InvalidArgument(field.Length == 0 ? "body" : field, $"line {line}, column {column}: {problem}");

    /// <param name="otherwise">What the parser said, for faults that belong to no single value.</param>
    public static RpcException Find(ReadOnlySpan<byte> text, MessageDescriptor descriptor, int firstLine, string otherwise)
    {
        var search = new JsonFault(text, firstLine);
        try
        {
            search._reader.Read();
            RpcException? fault = search._reader.TokenType == JsonTokenType.StartObject
                ? search.InMessage(descriptor)
                : search.Here($"a {descriptor.Name} must be an object in braces");
            if (fault is not null) return fault;
            search._reader.Read(); // what follows the object
            return Of("", firstLine, 1, otherwise);
        }
        catch (JsonException e)
        {
            string problem = e.Message.Split(" LineNumber:", 2)[0].TrimEnd('.');
            return Of(search._path, firstLine + (int)(e.LineNumber ?? 0), search.Column(e.LineNumber ?? 0, e.BytePositionInLine ?? 0),
                $"this is not JSON: {problem}");
        }
    }

    // The reader is at the opening brace, and goes to the closing one.
    private RpcException? InMessage(MessageDescriptor message)
    {
        string outer = _path;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = _reader.GetString()!;
            _path = outer.Length == 0 ? name : $"{outer}.{name}";
            FieldDescriptor? field = message.Fields.InDeclarationOrder()
                .FirstOrDefault(field => field.Name == name || field.JsonName == name);
            if (field is null) return UnknownField(message, name);
            _path = outer.Length == 0 ? field.Name : $"{outer}.{field.Name}";
            _reader.Read();
            if (InField(message, field) is { } fault) return fault;
        }
        _path = outer;
        return null;
    }

    private RpcException? InField(MessageDescriptor message, FieldDescriptor field)
    {
        string outer = _path;
        if (field.IsMap && _reader.TokenType == JsonTokenType.StartObject)
        {
            while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            {
                string key = JsonSerializer.Serialize(_reader.GetString());
                _path = $"{outer}[{key}]";
                _reader.Read();
                if (InValue(message, field, $"{{{key}:", "}") is { } fault) return fault;
            }
        }
        else if (field.IsRepeated && !field.IsMap && _reader.TokenType == JsonTokenType.StartArray)
        {
            for (int i = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; i++)
            {
                _path = $"{outer}[{i}]";
                if (InValue(message, field, "[", "]") is { } fault) return fault;
            }
        }
        else
        {
            return InValue(message, field, "", "");
        }
        _path = outer;
        return null;
    }

    private RpcException? InValue(MessageDescriptor message, FieldDescriptor field, string before, string after)
    {
        FieldDescriptor value = field.IsMap && before.Length > 0 ? field.MessageType.FindFieldByNumber(2) : field;
        bool single = !field.IsRepeated || before.Length > 0;
        if (_reader.TokenType == JsonTokenType.StartObject && single && value.FieldType == FieldType.Message
            && !IsWellKnown(value.MessageType))
            return InMessage(value.MessageType);

        int start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        string json = Encoding.UTF8.GetString(_text[start..(int)_reader.BytesConsumed]);
        try
        {
            JsonParser.Default.Parse($"{{\"{field.JsonName}\":{before}{json}{after}}}", message);
            return null;
        }
        catch (Exception e) when (
            e is InvalidJsonException or InvalidProtocolBufferException or FormatException or OverflowException or ArgumentException)
        {
            string shown = json.Length > LongestShown ? json[..LongestShown] + "…" : json;
            string form = single
                ? "must be"
                : field.IsMap ? "must be an object in which each value is" : "must be an array of which each is";
            // Only now: lines are counted from the start of the text, which for every value of a large body would take its square.
            (int line, int column) = PositionOf(start);
            return Of(_path, line, column, $"{form} {Expected(value)}, not {shown}");
        }
    }

    private readonly RpcException UnknownField(MessageDescriptor message, string name)
    {
        IEnumerable<string> known = message.Fields.InDeclarationOrder().Select(field => field.Name);
        string hint = NearestName.Of(name, known) is { } nearest ? $"did you mean {nearest}?"
            : message.Fields.InDeclarationOrder().Count == 0
                ? $"{message.Name} has no fields"
                : $"{message.Name} has {string.Join(", ", known)}";
        return Here($"there is no such field; {hint}");
    }

    // Of a byte of the text, counted from 1.
    private readonly (int Line, int Column) PositionOf(int start)
    {
        ReadOnlySpan<byte> before = _text[..start];
        int line = before.Count((byte)'\n');
        return (_firstLine + line, Column(line, before.Length - (before.LastIndexOf((byte)'\n') + 1)));
    }

    private readonly RpcException Here(string problem)
    {
        (int line, int column) = PositionOf((int)_reader.TokenStartIndex);
        return Of(_path, line, column, problem);
    }

    private readonly int Column(long line, long byteInLine)
    {
        ReadOnlySpan<byte> rest = _text;
        for (; line > 0; line--) rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        return 1 + Encoding.UTF8.GetCharCount(rest[..(int)Math.Min(byteInLine, rest.Length)]);
    }

    private static bool IsWellKnown(MessageDescriptor message) => message.File.Package == "google.protobuf";

    private static string Expected(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => "true or false",
        FieldType.String => "a string",
        FieldType.Bytes => "bytes as base64",
        FieldType.Double or FieldType.Float => "a number",
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 or FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 =>
            field.FieldType is FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32
                ? "a whole number of 32 bits"
                : "a whole number of 64 bits",
        FieldType.UInt32 or FieldType.Fixed32 or FieldType.UInt64 or FieldType.Fixed64 => "a whole number that is not negative",
        FieldType.Enum => $"one of {string.Join(", ", field.EnumType.Values.Select(value => value.Name))}",
        FieldType.Message => field.MessageType.FullName switch
        {
            "google.protobuf.Timestamp" => "a moment such as \"2026-11-22T04:15:00Z\"",
            "google.protobuf.Duration" => "a duration such as \"1.5s\"",
            "google.protobuf.FieldMask" => "names joined by commas, such as \"title,price\"",
            _ => $"an object ({field.MessageType.Name})",
        },
        _ => "a value",
    };
}
