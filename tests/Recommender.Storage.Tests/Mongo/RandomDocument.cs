using System.Text;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>A document as a tree: written, read again, and compared.</summary>
internal static class RandomDocument
{
    private static readonly BsonType[] _kinds = [.. Enum.GetValues<BsonType>().Where(type => type != BsonType.End)];

    /// <summary>Writes some fields and says, a line each, what a reader must find.</summary>
    public static void Write(BsonWriter writer, Random random, StringBuilder expected, bool inArray = false, int depth = 0)
    {
        for (int i = 0, count = random.Next(8); i < count; i++)
        {
            string name = inArray ? $"{i}" : Text(random, withZero: false);
            var type = _kinds[random.Next(_kinds.Length)];
            if (depth == 4 && type is BsonType.Document or BsonType.Array) type = BsonType.Null;
            expected.Append(new string(' ', depth)).Append(name).Append(' ').Append(type).Append(' ').AppendLine(WriteValue(writer, type, name, random));
            if (type is not (BsonType.Document or BsonType.Array)) continue;
            if (type == BsonType.Array) writer.BeginArray(name); else writer.BeginDocument(name);
            Write(writer, random, expected, type == BsonType.Array, depth + 1);
            writer.End();
        }
    }

    /// <summary>The same lines, from the bytes.</summary>
    public static void Read(ReadOnlySpan<byte> document, StringBuilder found, int depth = 0)
    {
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            found.Append(new string(' ', depth)).Append(fields.Name).Append(' ').Append(fields.Type).Append(' ').AppendLine(ValueOf(fields));
            if (fields.Type is BsonType.Document or BsonType.Array) Read(fields.Document(), found, depth + 1);
        }
    }

    private static string WriteValue(BsonWriter writer, BsonType type, string name, Random random)
    {
        switch (type)
        {
            case BsonType.Double: { double value = BitConverter.Int64BitsToDouble(random.NextInt64()); writer.Double(name, value); return $"{value:R}"; }
            case BsonType.String: { string value = Text(random, withZero: true); writer.String(name, value); return value; }
            case BsonType.Binary: { byte[] value = Bytes(random, random.Next(40)); writer.Binary(name, value); return Convert.ToHexString(value); }
            case BsonType.ObjectId: return Raw(12);
            case BsonType.Timestamp: return Raw(8);
            case BsonType.Boolean: { bool value = random.Next(2) == 0; writer.Boolean(name, value); return $"{value}"; }
            case BsonType.Date: { long value = random.NextInt64(long.MinValue, long.MaxValue); writer.Date(name, value); return $"{value}"; }
            case BsonType.Int32: { int value = random.Next(int.MinValue, int.MaxValue); writer.Int32(name, value); return $"{value}"; }
            case BsonType.Int64: { long value = random.NextInt64(long.MinValue, long.MaxValue); writer.Int64(name, value); return $"{value}"; }
            case BsonType.Decimal128: { decimal value = Amount(random); writer.Decimal(name, value); return $"{value}"; }
            case BsonType.Null: writer.Null(name); return "";
            default: return "";
        }

        string Raw(int length)
        {
            byte[] value = Bytes(random, length);
            writer.Raw(type, name, value);
            return Convert.ToHexString(value);
        }
    }

    private static string ValueOf(BsonReader field) => field.Type switch
    {
        BsonType.Double => $"{field.Double():R}",
        BsonType.String => field.String(),
        BsonType.Binary => Convert.ToHexString(field.Binary()),
        BsonType.ObjectId or BsonType.Timestamp => Convert.ToHexString(field.Value),
        BsonType.Boolean => $"{field.Boolean()}",
        BsonType.Date => $"{field.Date()}",
        BsonType.Int32 => $"{field.Int32()}",
        BsonType.Int64 => $"{field.Int64()}",
        BsonType.Decimal128 => $"{field.Decimal()}",
        _ => "",
    };

    public static decimal Amount(Random random) =>
        new(random.Next(int.MinValue, int.MaxValue), random.Next(int.MinValue, int.MaxValue), random.Next(3) == 0 ? random.Next() : 0, random.Next(2) == 0, (byte)random.Next(29));

    private static string Text(Random random, bool withZero)
    {
        string[] letters = ["a", "name", "ü", "€", "😀", "\n", " ", "_9", withZero ? "\0" : "z"];
        return string.Concat(Enumerable.Range(0, random.Next(random.Next(30) == 0 ? 900 : 6)).Select(_ => letters[random.Next(letters.Length)]));
    }

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
