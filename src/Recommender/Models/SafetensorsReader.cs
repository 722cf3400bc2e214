using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Recommender.Factorization;

namespace Recommender.Models;

/// <summary>
/// Reads the tensors of a safetensors file by their names: into arrays, or where they lie if the file is mapped. Anything unexpected is
/// refused before memory is taken for it.
/// </summary>
internal sealed class SafetensorsReader
{
    private readonly Stream _stream;
    private readonly string _file;
    private readonly long _start;
    private readonly long _bytes;
    private readonly Dictionary<string, Entry> _unread = new(StringComparer.Ordinal);

    /// <param name="stream">Read from where it stands; it must be able to seek.</param>
    /// <param name="file">Its name, for errors.</param>
    /// <exception cref="InvalidModelException">Not a safetensors header, or one whose tensors do not fill the rest of the file.</exception>
    public SafetensorsReader(Stream stream, string file)
    {
        (_stream, _file) = (stream, file);
        Span<byte> prefix = stackalloc byte[8];
        ReadExactly(prefix, "the header's length");
        long length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is < 2 or > Safetensors.LongestHeader)
            throw Invalid($"says that its header has {length} bytes; it is 2 to {Safetensors.LongestHeader}: this is no model file of ours");
        var json = new byte[length];
        ReadExactly(json, "the header");
        _start = stream.Position;
        _bytes = stream.Length - _start;
        ReadHeader(json);
    }

    public bool Has(string name) => _unread.ContainsKey(name);

    public float[] Floats(string name) => Read<float>(name, Safetensors.Float32);

    public int[] Ints(string name) => Read<int>(name, Safetensors.Int32);

    public long[] Longs(string name) => Read<long>(name, Safetensors.Int64);

    /// <summary>The numbers of a tensor with one side, where they are if they can be used there.</summary>
    public Numbers<T> Numbers<T>(string name, string dtype) where T : unmanaged
    {
        Entry tensor = Next(name, dtype, sides: 1);
        return InPlace<T>(tensor) ?? Copy<T>(name, tensor);
    }

    /// <param name="name">Of a tensor with two sides.</param>
    /// <param name="zeroRows">Of the one that follows it and fills its last block of rows; null where there is none.</param>
    /// <returns>Used where it is if the layout is that of a matrix in memory.</returns>
    public unsafe FactorMatrix Matrix(string name, string? zeroRows = null)
    {
        Entry tensor = Next(name, Safetensors.Float32, sides: 2);
        if (tensor.Shape[0] > int.MaxValue || tensor.Shape[1] is < 1 or > 1 << 16) throw Invalid($"has '{name}' of {tensor.Shape[0]} x {tensor.Shape[1]}, which no model has");
        int rows = (int)tensor.Shape[0], factors = (int)tensor.Shape[1];
        if (zeroRows is not null && Has(zeroRows)) tensor = Followed(name, tensor, zeroRows);
        try
        {
            if (InPlace<float>(tensor) is { } there && FactorMatrix.FitsInPlace(rows, factors, there)) return new FactorMatrix(rows, factors, there);
            var matrix = new FactorMatrix(rows, factors);
            _stream.Position = _start + tensor.From;
            for (int row = 0; row < rows; row++) ReadExactly(MemoryMarshal.AsBytes(matrix.MutableRow(row)), name);
            return matrix;
        }
        catch (ArgumentException e)
        {
            throw Invalid($"has '{name}' of {rows} x {factors}: {e.Message}");
        }
    }

    /// <summary>Refuses what is left over.</summary>
    public void End()
    {
        if (_unread.Count > 0) throw Invalid($"has a tensor '{_unread.Keys.Order(StringComparer.Ordinal).First()}' that no model has");
    }

    // The matrix together with the rows of zeros behind it.
    private Entry Followed(string name, Entry tensor, string zeroRows)
    {
        Entry zeros = Next(zeroRows, Safetensors.Float32, sides: 2);
        if (zeros.From != tensor.To || zeros.Shape[1] != tensor.Shape[1] || zeros.Shape[0] >= FactorMatrix.RowBlock)
            throw Invalid($"has '{zeroRows}' of {zeros.Shape[0]} x {zeros.Shape[1]} from {zeros.From}, which does not fill the last block of '{name}'");
        var bytes = new byte[zeros.To - zeros.From];
        _stream.Position = _start + zeros.From;
        ReadExactly(bytes, zeroRows);
        if (bytes.AsSpan().ContainsAnyExcept((byte)0)) throw Invalid($"has numbers other than 0 in '{zeroRows}'");
        return tensor with { To = zeros.To };
    }

    private T[] Read<T>(string name, string dtype) where T : unmanaged => Copy<T>(name, Next(name, dtype, sides: 1));

    private T[] Copy<T>(string name, Entry tensor) where T : unmanaged
    {
        if (tensor.Shape[0] > Array.MaxLength) throw Invalid($"has '{name}' of {tensor.Shape[0]} numbers, more than one array can hold");
        var values = new T[tensor.Shape[0]];
        _stream.Position = _start + tensor.From;
        ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()), name);
        return values;
    }

    private unsafe Numbers<T>? InPlace<T>(Entry tensor) where T : unmanaged
    {
        long from = _start + tensor.From;
        if (_stream is not MappedStream mapped || from % sizeof(T) != 0) return null;
        return mapped.Numbers<T>(from, (tensor.To - tensor.From) / sizeof(T));
    }

    private Entry Next(string name, string dtype, int sides)
    {
        if (!_unread.Remove(name, out Entry? tensor)) throw Invalid($"has no tensor '{name}'");
        if (tensor.Dtype != dtype || tensor.Shape.Length != sides)
            throw Invalid($"has '{name}' of type {tensor.Dtype} and {tensor.Shape.Length} sides where type {dtype} and {sides} sides are expected");
        return tensor;
    }

    private void ReadHeader(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            long offset = 0;
            foreach (JsonProperty entry in document.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__")
                .OrderBy(entry => entry.Value.GetProperty("data_offsets")[0].GetInt64()).ThenBy(entry => entry.Value.GetProperty("data_offsets")[1].GetInt64()))
            {
                string dtype = entry.Value.GetProperty("dtype").GetString() ?? "";
                if (dtype is not (Safetensors.Float32 or Safetensors.Int32 or Safetensors.Int64)) throw Invalid($"has '{entry.Name}' of the dtype '{dtype}', which no model has");
                long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64())];
                long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(at => at.GetInt64())];
                long bytes = shape.Aggregate((long)Safetensors.SizeOf(dtype), (product, side) => checked(product * side));
                if (shape.Any(side => side < 0) || offsets.Length != 2 || offsets[0] != offset || offsets[1] - offsets[0] != bytes)
                    throw Invalid($"places '{entry.Name}' at [{string.Join(", ", offsets)}] where {bytes} bytes from {offset} are expected");
                if (!_unread.TryAdd(entry.Name, new Entry(dtype, shape, offset, offset + bytes))) throw Invalid($"has '{entry.Name}' twice");
                offset = checked(offset + bytes);
                if (offset > _bytes) throw Invalid($"ends within '{entry.Name}': {_bytes} bytes follow its header, and {offset} are needed that far");
            }
            if (offset < _bytes) throw Invalid($"goes on after its last tensor, by {_bytes - offset} bytes");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException
            or IndexOutOfRangeException)
        {
            throw new InvalidModelException($"'{_file}' has a header that is not that of safetensors: {e.Message}", e);
        }
    }

    private void ReadExactly(Span<byte> bytes, string what)
    {
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Invalid($"ends within {what}");
    }

    private InvalidModelException Invalid(string what) => new($"'{_file}' {what}.");

    /// <param name="From">The first byte, from the header's end.</param>
    /// <param name="To">The one behind the last.</param>
    private sealed record Entry(string Dtype, long[] Shape, long From, long To);
}
