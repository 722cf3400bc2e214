using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Recommender.Catalogue;
using Recommender.Server.Errors;
using Kind = Recommender.Protocol.V1.AttributeValue.KindOneofCase;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Catalogue;

/// <summary>Items and attributes between the protocol and the domain.</summary>
internal static class ItemMapping
{
    public static Item FromWire(Wire.Item item, string path, RequestCheck check)
    {
        check.Id($"{path}.item_id", item.ItemId);
        return new Item(item.ItemId)
        {
            Available = !item.HasAvailable || item.Available,
            Attributes = item.Attributes.ToImmutableSortedDictionary(a => a.Key, a => FromWire(a.Key, a.Value, $"{path}.attributes[\"{a.Key}\"]", check), StringComparer.Ordinal),
        };
    }

    public static Wire.Item ToWire(Item item)
    {
        var wire = new Wire.Item { ItemId = item.Id, Available = item.Available };
        foreach (var (name, value) in item.Attributes) wire.Attributes.Add(name, ToWire(value));
        return wire;
    }

    public static Wire.AttributeValue ToWire(AttributeValue value) => value switch
    {
        AttributeValue.Text text => new() { Text = text.Value },
        AttributeValue.Number number => new() { Number = number.Value },
        AttributeValue.Flag flag => new() { Flag = flag.Value },
        AttributeValue.Instant instant => new() { Time = Timestamp.FromDateTimeOffset(instant.Value) },
        AttributeValue.TextList list => new() { Texts = new() { Values = { list.Values } } },
        _ => throw new InvalidOperationException($"attribute kind {value.Kind} has no wire form"),
    };

    /// <param name="field">Where it stands in the request, for what is wrong with it.</param>
    public static AttributeValue FromWire(string name, Wire.AttributeValue value, string field, RequestCheck check)
    {
        if (!IsName(name)) check.Add(field, "must be named with letters, digits and underscores, not beginning with a digit, 64 at most");
        switch (value.KindCase)
        {
            case Kind.Text:
                return new AttributeValue.Text(value.Text);
            case Kind.Number:
                if (!double.IsFinite(value.Number)) check.Add(field, $"is {value.Number}, it must be a finite number");
                return new AttributeValue.Number(value.Number);
            case Kind.Flag:
                return new AttributeValue.Flag(value.Flag);
            case Kind.Time:
                return new AttributeValue.Instant(WireTime.Read(value.Time, field, check));
            case Kind.Texts:
                return new AttributeValue.TextList([.. value.Texts.Values]);
            default:
                check.Add(field, "has no value; give one of text, number, flag, time, texts");
                return new AttributeValue.Text("");
        }
    }

    public static bool IsName(string name) => name.Length is > 0 and <= 64 && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
