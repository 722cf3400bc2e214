using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using Recommender.Catalogue;

namespace Recommender.Storage;

/// <summary>
/// Attributes as they are stored (<see cref="AttributeJson"/>), of which a value is made when somebody asks for it: of a catalogue's most are never asked
/// for, and as text they take a third of the memory. Shares its bytes with items that were read together, and its shape with items alike.
/// </summary>
internal sealed class StoredAttributes : ItemAttributes
{
    private readonly byte[] _bytes;
    private readonly int _start;
    private readonly int _length;

    private StoredAttributes(AttributeShape shape, byte[] bytes, int start, int length) => (Shape, _bytes, _start, _length) = (shape, bytes, start, length);

    public override AttributeShape Shape { get; }

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
    /// <param name="none">What shapes are found from.</param>
    /// <param name="bytes">Must not change any more.</param>
    /// <exception cref="JsonException">It was not written by this program.</exception>
    public static ItemAttributes Of(AttributeShape none, byte[] bytes, int start, int length)
    {
        ReadOnlySpan<byte> written = bytes.AsSpan(start, length);
        return Utf8.IsValid(written) && ShapeOf(written, none) is { IsOrdered: true } shape
            ? shape == none ? None : new StoredAttributes(shape, bytes, start, length)
            : AttributeJson.ReadItem(written);
    }

    protected override AttributeValue? Find(string name)
    {
        int at = Shape.IndexOf(name);
        if (at < 0) return null;
        var json = new Utf8JsonReader(Written);
        json.Read();
        for (; ; at--)
        {
            json.Read();
            json.Read();
            if (at == 0) return AttributeJson.ReadValue(ref json);
            json.Skip();
        }
    }

    // Null where something is escaped: of that alone it is not known that it can be read.
    private static AttributeShape? ShapeOf(ReadOnlySpan<byte> written, AttributeShape shape)
    {
        var json = new Utf8JsonReader(written);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueIsEscaped) return null;
            ReadOnlySpan<byte> name = json.ValueSpan;
            json.Read();
            AttributeKind kind = AttributeJson.KindOf(json.TokenType);
            shape = shape.With(name, kind);
            if (kind == AttributeKind.Instant) AttributeJson.ReadValue(ref json);
            while (kind == AttributeKind.TextList && json.Read() && json.TokenType == JsonTokenType.String)
                if (json.ValueIsEscaped) return null;
            if (json.TokenType == JsonTokenType.String && json.ValueIsEscaped) return null;
        }
        return json.TokenType == JsonTokenType.EndObject ? shape : null;
    }
}
