using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Recommender.Catalogue;

namespace Recommender.Storage;

/// <summary>
/// Attributes as they are stored (<see cref="AttributeJson"/>), of which a value is made when somebody asks for it: of a catalogue's most
/// are never asked for, and as text they take less memory. Shares its bytes with items that were read together, and its shape
/// with items alike. The price: each look makes the value anew, so a filter that nobody asked for yet makes one or two objects an item,
/// which die young.
/// </summary>
internal sealed class StoredAttributes : ItemAttributes
{
    private readonly StoredShape _shape;
    private readonly byte[] _bytes;
    private readonly int _start;
    private readonly int _length;

    private StoredAttributes(StoredShape shape, byte[] bytes, int start, int length) =>
        (_shape, _bytes, _start, _length) = (shape, bytes, start, length);

    public override AttributeShape Shape => _shape.Names;

    public override int Count => Shape.Attributes.Length;

    protected override ImmutableArray<KeyValuePair<string, AttributeValue>> Ordered
    {
        get
        {
            var ordered = ImmutableArray.CreateBuilder<KeyValuePair<string, AttributeValue>>(Count);
            var json = new Utf8JsonReader(Written);
            json.Read();
            foreach ((string name, _) in Shape.Attributes)
            {
                json.Read();
                json.Read();
                ordered.Add(new(name, AttributeJson.ReadValue(ref json)));
            }
            return ordered.MoveToImmutable();
        }
    }

    private ReadOnlySpan<byte> Written => _bytes.AsSpan(_start, _length);

    /// <summary>Looks through what is stored and leaves it as it is; what would not be read as it stands there is made at once.</summary>
    /// <param name="shapes">Of those that are read together.</param>
    /// <param name="bytes">Must not change any more.</param>
    /// <exception cref="JsonException">It was not written by this program.</exception>
    public static ItemAttributes Of(StoredShapes shapes, byte[] bytes, int start, int length)
    {
        ReadOnlySpan<byte> written = bytes.AsSpan(start, length);
        return Utf8.IsValid(written) && ShapeOf(written, shapes.Empty) is { IsOrdered: true } shape
            && StartOf(written, shape, shape.NameLengths.Length) == length
                ? new StoredAttributes(shape, bytes, start, length)
                : AttributeJson.ReadItem(written, shapes);
    }

    protected override AttributeValue? Find(string name)
    {
        int at = Shape.IndexOf(name);
        if (at < 0) return null;
        ReadOnlySpan<byte> written = Written;
        int start = StartOf(written, _shape, at);
        AttributeKind kind = Shape.Attributes[at].Kind;
        ReadOnlySpan<byte> value = written[start..EndOf(written, start, kind)];
        if (kind == AttributeKind.Text && !value.Contains((byte)'\\'))
            return new AttributeValue.Text(Encoding.UTF8.GetString(value[1..^1]));
        var json = new Utf8JsonReader(value);
        json.Read();
        return AttributeJson.ReadValue(ref json);
    }

    // A filter looks at a million items: names are stepped over by their length, and values by their kind, which is known to go as long
    // as no name is escaped and no space stands between. For the one behind the last value, the length of what is written. -1 where
    // something else stands there.
    private static int StartOf(ReadOnlySpan<byte> written, StoredShape shape, int at)
    {
        int next = 0; // the brace or comma before a name
        for (int k = 0; ; k++)
        {
            if (k == shape.NameLengths.Length) return next < written.Length && written[next] == '}' ? next + 1 : -1;
            int start = next + shape.NameLengths[k] + 4;
            if (start >= written.Length || written[next] != (k == 0 ? '{' : ',') || written[next + 1] != '"') return -1;
            if (written[start - 2] != '"' || written[start - 1] != ':') return -1;
            if (k == at) return start;
            next = EndOf(written, start, shape.Names.Attributes[k].Kind);
            if (next < 0) return -1;
        }
    }

    // The place behind a value; -1 where none of its kind begins.
    private static int EndOf(ReadOnlySpan<byte> written, int start, AttributeKind kind)
    {
        switch (kind)
        {
            case AttributeKind.Text:
                return BehindText(written, start);
            case AttributeKind.Flag:
                return written[start] == 't' ? start + 4 : written[start] == 'f' ? start + 5 : -1;
            case AttributeKind.Number:
                int length = written[start..].IndexOfAny((byte)',', (byte)'}');
                return length < 0 ? -1 : start + length;
            case AttributeKind.Instant:
                int end = written[start] == '{' ? written[start..].IndexOf((byte)'}') : -1;
                return end < 0 ? -1 : start + end + 1;
            default:
                int next = start;
                while (next >= 0 && next + 1 < written.Length && written[next] == (next == start ? '[' : ',') && written[next + 1] == '"')
                    next = BehindText(written, next + 1);
                if (next == start && written[next] == '[') next++;
                return next > start && next < written.Length && written[next] == ']' ? next + 1 : -1;
        }
    }

    private static int BehindText(ReadOnlySpan<byte> written, int start)
    {
        if (written[start] != '"') return -1;
        for (int next = start + 1; next < written.Length;)
        {
            int at = written[next..].IndexOfAny((byte)'"', (byte)'\\');
            if (at < 0) return -1;
            next += at + 1;
            if (written[next - 1] == '"') return next;
            next++; // what is escaped, which may be a quote
        }
        return -1;
    }

    // Null where a name is escaped, which nearly none is, or no more shapes are kept.
    private static StoredShape? ShapeOf(ReadOnlySpan<byte> written, StoredShape shape)
    {
        var json = new Utf8JsonReader(written);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueIsEscaped) return null;
            ReadOnlySpan<byte> name = json.ValueSpan;
            json.Read();
            AttributeKind kind = AttributeJson.KindOf(json.TokenType);
            if (shape.With(name, kind) is not { } longer) return null;
            shape = longer;
            if (kind == AttributeKind.Instant) AttributeJson.ReadValue(ref json);
            if (kind == AttributeKind.Text) RequireText(in json);
            while (kind == AttributeKind.TextList && json.Read() && json.TokenType == JsonTokenType.String) RequireText(in json);
        }
        return json.TokenType == JsonTokenType.EndObject ? shape : null;

        // Of what is escaped it is not known that it can be read until it was.
        static void RequireText(ref readonly Utf8JsonReader json)
        {
            if (json.ValueIsEscaped) json.GetString();
        }
    }
}
