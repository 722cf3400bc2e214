using System.Collections.Immutable;
using Recommender.Catalogue;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// Attributes as a subdocument: text, numbers, flags, dates and lists of text are BSON's own. A moment that is no whole number of milliseconds is
/// <c>{at, at_ticks}</c>: beside it there could be another attribute of that name.
/// </summary>
internal static class AttributeBson
{
    /// <summary>Checked before by <see cref="Storable.RequireAttributes"/>.</summary>
    public static BsonWriter Attributes(this BsonWriter writer, IReadOnlyDictionary<string, AttributeValue> attributes)
    {
        writer.BeginDocument("attributes");
        foreach ((string name, AttributeValue value) in attributes) Write(writer, FieldName.Of(name), value);
        return writer.End();
    }

    public static ImmutableSortedDictionary<string, AttributeValue> Attributes(this BsonReader reader)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, AttributeValue>(StringComparer.Ordinal);
        var fields = new BsonReader(reader.Document());
        while (fields.Read()) attributes.Add(FieldName.Read(fields.Name), Read(fields));
        return attributes.ToImmutable();
    }

    private static void Write(BsonWriter writer, string field, AttributeValue value)
    {
        switch (value)
        {
            case AttributeValue.Text text:
                writer.String(field, text.Value);
                break;
            case AttributeValue.Number number:
                writer.Double(field, number.Value);
                break;
            case AttributeValue.Flag flag:
                writer.Boolean(field, flag.Value);
                break;
            case AttributeValue.Instant instant when instant.Value.UtcTicks % TimeSpan.TicksPerMillisecond == 0:
                writer.Instant(field, instant.Value);
                break;
            case AttributeValue.Instant instant:
                writer.BeginDocument(field).Instant("at", instant.Value).End();
                break;
            case AttributeValue.TextList list:
                writer.Strings(field, list.Values);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value), value.Kind, "unknown");
        }
    }

    private static AttributeValue Read(BsonReader value) => value.Type switch
    {
        BsonType.String => new AttributeValue.Text(value.String()),
        BsonType.Double or BsonType.Int32 or BsonType.Int64 => new AttributeValue.Number(value.Double()),
        BsonType.Boolean => new AttributeValue.Flag(value.Boolean()),
        BsonType.Date => new AttributeValue.Instant(value.Instant()),
        BsonType.Document => new AttributeValue.Instant(Moment(value)),
        BsonType.Array => new AttributeValue.TextList([.. value.Strings()]),
        _ => throw new InvalidBsonException($"The attribute {value.Name} is {value.Type}, which no attribute is."),
    };

    private static DateTimeOffset Moment(BsonReader value)
    {
        DateTimeOffset at = default;
        var fields = new BsonReader(value.Document());
        while (fields.Read()) at = fields.Is("at"u8) ? fields.Instant() : at.AddTicks(fields.Int32());
        return at;
    }
}
