using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Recommender.Factorization;

namespace Recommender.Models;

/// <summary>Reads a safetensors stream tensor by tensor, in the order in which its bytes lie. Anything unexpected is refused.</summary>
internal sealed class SafetensorsReader
{
    private readonly Stream _stream;
    private readonly string _file;
    private readonly Queue<(string Name, string Dtype, long[] Shape)> _tensors = [];

    /// <param name="stream">Read from where it stands.</param>
    /// <param name="file">Its name, for errors.</param>
    /// <exception cref="InvalidModelException">Not a safetensors header, or one with gaps.</exception>
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
        ReadHeader(json);
    }

    public float[] Floats(string name) => Read<float>(name, Safetensors.Float32);

    public int[] Ints(string name) => Read<int>(name, Safetensors.Int32);

    public long[] Longs(string name) => Read<long>(name, Safetensors.Int64);

    public FactorMatrix Matrix(string name)
    {
        long[] shape = Next(name, Safetensors.Float32, sides: 2);
        if (shape[0] > int.MaxValue || shape[1] is < 1 or > 1 << 16) throw Invalid($"has '{name}' of {shape[0]} x {shape[1]}, which no model has");
        FactorMatrix matrix;
        try
        {
            matrix = new FactorMatrix((int)shape[0], (int)shape[1]);
        }
        catch (ArgumentException e)
        {
            throw Invalid($"has '{name}' of {shape[0]} x {shape[1]}: {e.Message}");
        }
        for (int row = 0; row < matrix.Rows; row++) ReadExactly(MemoryMarshal.AsBytes(matrix.MutableRow(row)), name);
        return matrix;
    }

    /// <summary>Refuses what is left over.</summary>
    public void End()
    {
        if (_tensors.TryPeek(out (string Name, string Dtype, long[] Shape) left)) throw Invalid($"has a tensor '{left.Name}' that no model has");
        if (_stream.ReadByte() >= 0) throw Invalid("goes on after its last tensor");
    }

    private T[] Read<T>(string name, string dtype) where T : struct
    {
        long[] shape = Next(name, dtype, sides: 1);
        if (shape[0] > Array.MaxLength) throw Invalid($"has '{name}' of {shape[0]} numbers, more than one array can hold");
        var values = new T[shape[0]];
        ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()), name);
        return values;
    }

    private long[] Next(string name, string dtype, int sides)
    {
        if (!_tensors.TryDequeue(out (string Name, string Dtype, long[] Shape) tensor)) throw Invalid($"ends before its tensor '{name}'");
        if (tensor.Name != name || tensor.Dtype != dtype || tensor.Shape.Length != sides)
            throw Invalid($"has '{tensor.Name}' of type {tensor.Dtype} and {tensor.Shape.Length} sides where '{name}' of type {dtype} and {sides} sides is expected");
        return tensor.Shape;
    }

    private void ReadHeader(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            long offset = 0;
            foreach (JsonProperty entry in document.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__")
                .OrderBy(entry => entry.Value.GetProperty("data_offsets")[0].GetInt64()))
            {
                string dtype = entry.Value.GetProperty("dtype").GetString() ?? "";
                long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64())];
                long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(at => at.GetInt64())];
                long bytes = shape.Aggregate((long)Safetensors.SizeOf(dtype), (product, side) => checked(product * side));
                if (shape.Any(side => side < 0) || offsets.Length != 2 || offsets[0] != offset || offsets[1] - offsets[0] != bytes)
                    throw Invalid($"places '{entry.Name}' at [{string.Join(", ", offsets)}] where {bytes} bytes from {offset} are expected");
                _tensors.Enqueue((entry.Name, dtype, shape));
                offset += bytes;
            }
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
}
