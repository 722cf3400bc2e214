using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace Recommender.Storage.Bson;

/// <summary>
/// Writes one document, front to back, into a rented buffer. Inside an array the names given are not looked at: its elements are numbered.
/// </summary>
internal sealed class BsonWriter : IDisposable
{
    private const int FirstSize = 512;

    // Each open document or array: where it began, and the number of its next element, -1 for a document.
    private (int Start, int Next)[] _open = new (int, int)[8];
    private int _depth;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _length;

    public BsonWriter() => Open(isArray: false);

    /// <summary>The whole document; what is open is closed.</summary>
    public ReadOnlyMemory<byte> Close()
    {
        while (_depth > 0) End();
        return _buffer.AsMemory(0, _length);
    }

    /// <summary>Begins a new document in the same buffer; what <see cref="Close"/> returned is overwritten.</summary>
    public void Reset()
    {
        (_length, _depth) = (0, 0);
        Open(isArray: false);
    }

    public BsonWriter String(string name, string value)
    {
        Element(BsonType.String, name);
        int length = Encoding.UTF8.GetByteCount(value);
        var target = Take(length + 5);
        BinaryPrimitives.WriteInt32LittleEndian(target, length + 1);
        Encoding.UTF8.GetBytes(value, target[4..]);
        target[^1] = 0;
        return this;
    }

    /// <summary>A field that is left out where there is nothing to say.</summary>
    public BsonWriter Optional(string name, string? value) => value is null ? this : String(name, value);

    public BsonWriter Optional(string name, double? value) => value is { } number ? Double(name, number) : this;

    public BsonWriter Optional(string name, decimal? value) => value is { } amount ? Decimal(name, amount) : this;

    public BsonWriter Int32(string name, int value)
    {
        Element(BsonType.Int32, name);
        BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);
        return this;
    }

    public BsonWriter Int64(string name, long value)
    {
        Element(BsonType.Int64, name);
        BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);
        return this;
    }

    public BsonWriter Double(string name, double value)
    {
        Element(BsonType.Double, name);
        BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);
        return this;
    }

    public BsonWriter Boolean(string name, bool value)
    {
        Element(BsonType.Boolean, name);
        Take(1)[0] = value ? (byte)1 : (byte)0;
        return this;
    }

    /// <summary>An amount of money, exactly, with its trailing zeros.</summary>
    public BsonWriter Decimal(string name, decimal value)
    {
        Element(BsonType.Decimal128, name);
        Decimal128.Write(Take(Decimal128.Size), value);
        return this;
    }

    /// <param name="milliseconds">Since 1970, UTC.</param>
    public BsonWriter Date(string name, long milliseconds)
    {
        Element(BsonType.Date, name);
        BinaryPrimitives.WriteInt64LittleEndian(Take(8), milliseconds);
        return this;
    }

    public BsonWriter Null(string name)
    {
        Element(BsonType.Null, name);
        return this;
    }

    public BsonWriter Binary(string name, ReadOnlySpan<byte> value)
    {
        Element(BsonType.Binary, name);
        var target = Take(value.Length + 5);
        BinaryPrimitives.WriteInt32LittleEndian(target, value.Length);
        target[4] = 0;
        value.CopyTo(target[5..]);
        return this;
    }

    /// <summary>A document that is written already.</summary>
    public BsonWriter Document(string name, ReadOnlySpan<byte> document)
    {
        Element(BsonType.Document, name);
        document.CopyTo(Take(document.Length));
        return this;
    }

    public BsonWriter Document(string name, Action<BsonWriter> content)
    {
        BeginDocument(name);
        content(this);
        return End();
    }

    /// <summary>A value as it was read, whatever its type.</summary>
    public BsonWriter Raw(BsonType type, string name, ReadOnlySpan<byte> value)
    {
        Element(type, name);
        value.CopyTo(Take(value.Length));
        return this;
    }

    public BsonWriter Strings(string name, IEnumerable<string> values)
    {
        BeginArray(name);
        foreach (string value in values) String("", value);
        return End();
    }

    public BsonWriter BeginDocument(string name = "")
    {
        Element(BsonType.Document, name);
        Open(isArray: false);
        return this;
    }

    public BsonWriter BeginArray(string name = "")
    {
        Element(BsonType.Array, name);
        Open(isArray: true);
        return this;
    }

    /// <summary>Closes what was begun last.</summary>
    public BsonWriter End()
    {
        Take(1)[0] = 0;
        int start = _open[--_depth].Start;
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start), _length - start);
        return this;
    }

    public void Dispose()
    {
        if (_buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Open(bool isArray)
    {
        if (_depth == _open.Length) Array.Resize(ref _open, _depth * 2);
        _open[_depth++] = (_length, isArray ? 0 : -1);
        Take(4);
    }

    private void Element(BsonType type, string name)
    {
        Take(1)[0] = (byte)type;
        ref var inside = ref _open[_depth - 1];
        if (inside.Next >= 0)
        {
            Span<byte> digits = stackalloc byte[10];
            Utf8Formatter.TryFormat(inside.Next++, digits, out int written);
            digits[..written].CopyTo(Take(written));
        }
        else
        {
            if (name.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException($"\"{name}\" cannot be the name of a field: it holds the character 0.", nameof(name));
            // Room for the longest that it can be; an ASCII name, the usual one, gives two thirds of it back.
            int longest = Encoding.UTF8.GetMaxByteCount(name.Length);
            int written = Encoding.UTF8.GetBytes(name, Take(longest));
            _length -= longest - written;
        }
        Take(1)[0] = 0;
    }

    private Span<byte> Take(int count)
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        if (count > _buffer.Length - _length) Grow(count);
        var taken = _buffer.AsSpan(_length, count);
        _length += count;
        return taken;
    }

    private void Grow(int count)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(_buffer.Length * 2L, (long)_length + count)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
