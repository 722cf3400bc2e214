using System.Buffers.Binary;
using System.Text;

namespace Recommender.Storage.Bson;

/// <summary>
/// Reads a document's elements one after another, in place. Numbers are given as whichever number is asked for, as long as nothing is lost: what was
/// written as int32 by one program is an int64 or a double to another.
/// </summary>
internal ref struct BsonReader
{
    // A byte that is no text is an error here, not a replacement character.
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _document;
    private int _next = 4;
    private ReadOnlySpan<byte> _name;
    private ReadOnlySpan<byte> _value;

    /// <exception cref="InvalidBsonException">The length at its beginning is not that of a document.</exception>
    public BsonReader(ReadOnlySpan<byte> document)
    {
        int length = document.Length < 5 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(document);
        if (length < 5 || length > document.Length || document[length - 1] != 0)
            throw new InvalidBsonException($"{document.Length} bytes are no BSON document (it says it has {length}).");
        _document = document[..length];
    }

    public BsonType Type { get; private set; }

    public readonly string Name => Encoding.UTF8.GetString(_name);

    /// <summary>The present element's bytes, without its type and name.</summary>
    public readonly ReadOnlySpan<byte> Value => _value;

    public readonly bool Is(ReadOnlySpan<byte> name) => _name.SequenceEqual(name);

    public readonly bool IsNull => Type == BsonType.Null;

    /// <summary>Goes to the next element; false at the end.</summary>
    public bool Read()
    {
        Type = (BsonType)_document[_next];
        if (Type == BsonType.End) return _next == _document.Length - 1 ? false : throw Broken("ends early");
        var rest = _document[(_next + 1)..^1];
        int name = rest.IndexOf((byte)0);
        if (name < 0) throw Broken("has a name without an end");
        _name = rest[..name];
        rest = rest[(name + 1)..];
        int length = LengthOf(Type, rest);
        if (length < 0 || length > rest.Length) throw Broken($"has a value of {length} bytes where {rest.Length} are left");
        _value = rest[..length];
        _next += 2 + name + length;
        return true;
    }

    /// <summary>Goes to the element of this name, from here on; false if there is none.</summary>
    public bool Find(ReadOnlySpan<byte> name)
    {
        while (Read())
        {
            if (Is(name)) return true;
        }
        return false;
    }

    /// <exception cref="InvalidBsonException">It is not a string, or its bytes are not UTF-8.</exception>
    public readonly string String()
    {
        try { return _utf8.GetString(Utf8()); }
        catch (DecoderFallbackException problem) { throw new InvalidBsonException($"The field {Name} is not UTF-8: {problem.Message}"); }
    }

    public readonly ReadOnlySpan<byte> Utf8() => Type == BsonType.String && _value[^1] == 0 ? _value[4..^1] : throw Other("a string");

    public readonly bool Boolean() => Type == BsonType.Boolean && _value[0] <= 1 ? _value[0] == 1 : throw Other("a boolean");

    public readonly int Int32() => Int64() is >= int.MinValue and <= int.MaxValue and var number ? (int)number : throw Other("a number of 32 bits");

    public readonly long Int64() => Type switch
    {
        BsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(_value),
        BsonType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(_value),
        BsonType.Double when BinaryPrimitives.ReadDoubleLittleEndian(_value) is var number && number == Math.Truncate(number) && Math.Abs(number) < 1L << 53 => (long)number,
        _ => throw Other("a whole number"),
    };

    public readonly double Double() => Type == BsonType.Double ? BinaryPrimitives.ReadDoubleLittleEndian(_value) : Int64();

    /// <summary>Of a double, as MongoDB's shell writes a number that is not said to be another, its 15 digits.</summary>
    public readonly decimal Decimal() => Type switch
    {
        BsonType.Decimal128 => Decimal128.Read(_value),
        BsonType.Double => BinaryPrimitives.ReadDoubleLittleEndian(_value) is > -1e28 and < 1e28 and var number ? (decimal)number : throw Other("a number that a decimal holds"),
        _ => Int64(),
    };

    /// <summary>Milliseconds since 1970, UTC.</summary>
    public readonly long Date() => Type == BsonType.Date ? BinaryPrimitives.ReadInt64LittleEndian(_value) : throw Other("a date");

    public readonly ReadOnlySpan<byte> Binary() => Type == BsonType.Binary ? _value[5..] : throw Other("binary");

    /// <summary>The bytes of a document or an array, to be read by a reader of their own.</summary>
    public readonly ReadOnlySpan<byte> Document() => Type is BsonType.Document or BsonType.Array ? _value : throw Other("a document");

    public readonly List<string> Strings()
    {
        var strings = new List<string>();
        var elements = new BsonReader(Document());
        while (elements.Read()) strings.Add(elements.String());
        return strings;
    }

    private static int LengthOf(BsonType type, ReadOnlySpan<byte> rest) => type switch
    {
        BsonType.Double or BsonType.Date or BsonType.Int64 or BsonType.Timestamp => 8,
        BsonType.String or (BsonType)0x0D or (BsonType)0x0E => Prefixed(rest, counted: 4, least: 1),
        BsonType.Document or BsonType.Array => Prefixed(rest, counted: 0, least: 5),
        BsonType.Binary => Prefixed(rest, counted: 5, least: 0),
        BsonType.ObjectId => 12,
        BsonType.Boolean => 1,
        BsonType.Int32 => 4,
        BsonType.Decimal128 => Decimal128.Size,
        BsonType.Null or (BsonType)0x06 or (BsonType)0x7F or (BsonType)0xFF => 0,
        (BsonType)0x0B => TwoNames(rest),
        (BsonType)0x0C => Prefixed(rest, counted: 16, least: 1),
        (BsonType)0x0F => Prefixed(rest, counted: 0, least: 14),
        _ => throw new InvalidBsonException($"A BSON document has a value of the unknown type 0x{(byte)type:X2}."),
    };

    /// <summary>A value that begins with a length, of what follows <paramref name="counted"/> bytes, or of the whole where that is 0.</summary>
    private static int Prefixed(ReadOnlySpan<byte> rest, int counted, int least)
    {
        int length = rest.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest);
        return length < least || length > int.MaxValue - 16 ? -1 : length + counted;
    }

    private static int TwoNames(ReadOnlySpan<byte> rest)
    {
        int first = rest.IndexOf((byte)0) + 1;
        int second = first == 0 ? 0 : rest[first..].IndexOf((byte)0) + 1;
        return second == 0 ? -1 : first + second;
    }

    private readonly InvalidBsonException Broken(string how) => new($"A BSON document of {_document.Length} bytes {how} at byte {_next}.");

    private readonly InvalidBsonException Other(string wanted) => new($"The field {Name} is {Type}, not {wanted}.");
}
