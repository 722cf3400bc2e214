using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Recommender.Models;

/// <summary>
/// The safetensors format (huggingface.co/docs/safetensors): 8 bytes of header length, a JSON header of name, dtype, shape and
/// offsets, padded with spaces, then the numbers, little-endian, in row order. Python reads it in one line. Here the numbers begin on a
/// cache line of the file, so that the first tensor can be used where it lies.
/// </summary>
internal static class Safetensors
{
    public const string Float32 = "F32";
    public const string Int32 = "I32";
    public const string Int64 = "I64";

    private const int Alignment = Factorization.FactorMatrix.CacheLine;

    /// <summary>A header beyond this is an attack or another kind of file; ours are a few hundred bytes.</summary>
    public const int LongestHeader = 1 << 20;

    public static int SizeOf(string dtype) => dtype switch
    {
        Float32 or Int32 => 4,
        Int64 => 8,
        _ => throw new InvalidModelException($"The dtype '{dtype}' is none of {Float32}, {Int32}, {Int64}."),
    };

    /// <summary>Writes tensors in their order. Each writes exactly the bytes of its shape.</summary>
    public static void Write(Stream stream, IReadOnlyList<Tensor> tensors)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Model files are little-endian; this machine is not.");
        using var header = new MemoryStream();
        header.Write(new byte[8]);
        using (var json = new Utf8JsonWriter(header))
        {
            long offset = 0;
            json.WriteStartObject();
            foreach (Tensor tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Dtype);
                WriteNumbers(json, "shape", tensor.Shape);
                WriteNumbers(json, "data_offsets", [offset, offset + tensor.Bytes]);
                json.WriteEndObject();
                offset += tensor.Bytes;
            }
            json.WriteEndObject();
        }
        while (header.Length % Alignment != 0) header.WriteByte((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(header.GetBuffer(), header.Length - 8);
        header.WriteTo(stream);
        foreach (Tensor tensor in tensors) tensor.Write(stream);
    }

    public static Tensor Of(string name, ReadOnlyMemory<float> values) =>
        new(name, Float32, [values.Length], stream => stream.Write(MemoryMarshal.AsBytes(values.Span)));

    public static Tensor Of(string name, ReadOnlyMemory<int> values) =>
        new(name, Int32, [values.Length], stream => stream.Write(MemoryMarshal.AsBytes(values.Span)));

    public static Tensor Of(string name, ReadOnlyMemory<long> values) =>
        new(name, Int64, [values.Length], stream => stream.Write(MemoryMarshal.AsBytes(values.Span)));

    public static Tensor Of(string name, Factorization.FactorMatrix matrix) => new(name, Float32, [matrix.Rows, matrix.Factors], stream =>
    {
        for (int row = 0; row < matrix.Rows; row++) stream.Write(MemoryMarshal.AsBytes(matrix.Row(row)));
    });

    /// <summary>Rows of zeros that fill the last block of a matrix.</summary>
    public static Tensor ZeroRows(string name, int rows, int factors)
    {
        long missing = Factorization.FactorMatrix.PaddedRows(rows) - rows;
        return new(name, Float32, [missing, factors], stream => stream.Write(new byte[missing * factors * sizeof(float)]));
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    /// <summary>A tensor to be written.</summary>
    public sealed record Tensor(string Name, string Dtype, IReadOnlyList<long> Shape, Action<Stream> Write)
    {
        public long Bytes => Shape.Aggregate((long)SizeOf(Dtype), (product, side) => product * side);
    }
}
