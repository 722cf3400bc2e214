using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Recommender.Ranking;

namespace Recommender.Storage;

/// <summary>
/// What was shown, as JSON, written for every answer of the service: <c>{"items":[[id,score,source,reason ...] ...],"names":[...]}</c> with
/// reasons <c>[kind,id,share]</c> or <c>[kind,id,share,text]</c>. What is a text stands there as its place among the names, since the same
/// few things of a history are the reasons for all that is shown: a third of the bytes that it takes with every name in its place.
/// </summary>
internal static class ServedItemsJson
{
    private static readonly JsonEncodedText _items = JsonEncodedText.Encode("items"), _names = JsonEncodedText.Encode("names");

    // Everything in it comes from here, where nothing is written twice or left open.
    private static readonly JsonWriterOptions _options = new() { SkipValidation = true };

    /// <summary>Of several answers, one after the other; where the text of each lies in the buffer.</summary>
    public static Range[] Write(IReadOnlyList<ServedRecommendation> served, ArrayBufferWriter<byte> buffer)
    {
        var texts = new Range[served.Count];
        var names = new ServedNames();
        using var writer = new Utf8JsonWriter(buffer, _options);
        for (int i = 0; i < texts.Length; i++)
        {
            int start = buffer.WrittenCount;
            Write(writer, served[i].Items, names);
            writer.Flush();
            texts[i] = start..buffer.WrittenCount;
            writer.Reset();
            names.Clear();
        }
        return texts;
    }

    /// <summary>Of one answer.</summary>
    public static byte[] Write(ServedRecommendation served)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write([served], buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidDataException">It is not what was written here, or by earlier versions.</exception>
    public static ImmutableArray<ServedItem> Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return ReadItems(utf8);
        }
        // No JSON, a place that is no whole number, another kind of value, none, or a place that there is not.
        catch (Exception problem) when (problem is JsonException or FormatException
            or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"What was shown is damaged: {problem.Message}", problem);
        }
    }

    private static ImmutableArray<ServedItem> ReadItems(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        using var document = JsonDocument.ParseValue(ref reader);
        JsonElement root = document.RootElement;
        // Rows of schema step 2 and before have every name in its place.
        if (root.ValueKind == JsonValueKind.Array) return root.Deserialize<ImmutableArray<ServedItem>>(JsonSerializerOptions.Web);
        string[] names = [.. root.GetProperty("names").EnumerateArray()
            .Select(name => name.GetString() ?? throw new JsonException("A name is null."))];
        return [.. root.GetProperty("items").EnumerateArray().Select(item => new ServedItem(names[item[0].GetInt32()], item[1].GetSingle(),
            names[item[2].GetInt32()], [.. item.EnumerateArray().Skip(3).Select(reason => ReadReason(reason, names))]))];
    }

    private static ServedReason ReadReason(JsonElement reason, string[] names) =>
        new(names[reason[0].GetInt32()], names[reason[1].GetInt32()], reason[2].GetSingle())
        {
            Text = reason.GetArrayLength() > 3 ? names[reason[3].GetInt32()] : "",
        };

    private static void Write(Utf8JsonWriter writer, ImmutableArray<ServedItem> items, ServedNames names)
    {
        writer.WriteStartObject();
        writer.WriteStartArray(_items);
        foreach (ServedItem item in items)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(names.Add(item.ItemId));
            writer.WriteNumberValue(item.Score);
            writer.WriteNumberValue(names.PlaceOf(item.Source));
            foreach (ServedReason reason in item.Reasons)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(names.PlaceOf(reason.Kind));
                writer.WriteNumberValue(names.PlaceOf(reason.ItemId));
                writer.WriteNumberValue(reason.Share);
                if (reason.Text.Length > 0) writer.WriteNumberValue(names.PlaceOf(reason.Text));
                writer.WriteEndArray();
            }
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        writer.WriteStartArray(_names);
        foreach (string name in names.All) writer.WriteStringValue(name);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
