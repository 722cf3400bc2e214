using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Recommender.Ranking;

namespace Recommender.Storage;

/// <summary>
/// What was shown, as JSON. It is written for every answer of the service, so it is written by hand: without reflection, and without what is empty.
/// </summary>
internal static class ServedItemsJson
{
    private static readonly JsonEncodedText _itemId = JsonEncodedText.Encode("itemId"), _score = JsonEncodedText.Encode("score"),
        _source = JsonEncodedText.Encode("source"), _reasons = JsonEncodedText.Encode("reasons"), _kind = JsonEncodedText.Encode("kind"),
        _share = JsonEncodedText.Encode("share"), _text = JsonEncodedText.Encode("text");

    // Everything in it comes from here, where nothing is written twice or left open.
    private static readonly JsonWriterOptions _options = new() { SkipValidation = true };

    /// <summary>Of several answers, one after the other; where the text of each lies in the buffer.</summary>
    public static Range[] Write(IReadOnlyList<ServedRecommendation> served, ArrayBufferWriter<byte> buffer)
    {
        var texts = new Range[served.Count];
        using var writer = new Utf8JsonWriter(buffer, _options);
        for (int i = 0; i < texts.Length; i++)
        {
            int start = buffer.WrittenCount;
            Write(writer, served[i].Items);
            writer.Flush();
            texts[i] = start..buffer.WrittenCount;
            writer.Reset();
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

    public static ImmutableArray<ServedItem> Read(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize<ImmutableArray<ServedItem>>(utf8, JsonSerializerOptions.Web);

    private static void Write(Utf8JsonWriter writer, ImmutableArray<ServedItem> items)
    {
        writer.WriteStartArray();
        foreach (ServedItem item in items)
        {
            writer.WriteStartObject();
            writer.WriteString(_itemId, item.ItemId);
            writer.WriteNumber(_score, item.Score);
            writer.WriteString(_source, item.Source);
            writer.WriteStartArray(_reasons);
            foreach (ServedReason reason in item.Reasons)
            {
                writer.WriteStartObject();
                writer.WriteString(_kind, reason.Kind);
                writer.WriteString(_itemId, reason.ItemId);
                writer.WriteNumber(_share, reason.Share);
                if (reason.Text.Length > 0) writer.WriteString(_text, reason.Text);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
