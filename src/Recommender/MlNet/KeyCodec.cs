using System.Buffers.Binary;
using System.Globalization;
using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>How ML.NET packs the values of a key vocabulary that is not text: the codec's name and parameters, as they stand in the file.</summary>
internal sealed record KeyCodec(string Name, ReadOnlyMemory<byte> Parameters)
{
    /// <summary>Keys of keys: the parameters hold the codec of the inner number and the count of its values.</summary>
    private const string Key = "Key2";

    private const string Boolean = "Boolean";
    private const string DateTimeOffset = "DateTimeOffset";

    /// <summary>Bytes that values take.</summary>
    /// <exception cref="InvalidModelException">A codec that no key column has.</exception>
    public long BytesFor(int count) => Name switch
    {
        Boolean => ((long)count + 7) / 8,
        _ => (long)count * Width(Number),
    };

    /// <summary>The values as ids: numbers in digits, moments in ISO 8601, keys from 0 as the property had them.</summary>
    /// <exception cref="InvalidModelException">A value that its type does not have.</exception>
    public string[] Texts(ReadOnlySpan<byte> packed, int count)
    {
        var texts = new string[count];
        for (int number = 0; number < count; number++) texts[number] = Text(packed, number, count);
        return texts;
    }

    private string Number => Name == Key ? InnerOfKey() : Name;

    private static int Width(string number) => number switch
    {
        "SByte" or "Byte" => 1,
        "Int16" or "UInt16" => 2,
        "Int32" or "UInt32" or "Single" => 4,
        "Int64" or "UInt64" or "Double" or "TimeSpan" or "DateTime" => 8,
        // All offsets in minutes, then all ticks.
        DateTimeOffset => 10,
        _ => throw new InvalidModelException(
            $"The keys are of the type '{number}', which this version does not read; it reads text, whole and floating numbers, "
            + "booleans, times and keys. Map another column to keys, or train with text."),
    };

    private string Text(ReadOnlySpan<byte> packed, int number, int count)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        if (Name == Boolean) return (packed[number / 8] >> (number % 8) & 1) == 1 ? "True" : "False";
        if (Name == DateTimeOffset) return OffsetText(packed, number, count);
        string type = Number;
        ReadOnlySpan<byte> value = packed.Slice(number * Width(type));
        return type switch
        {
            "SByte" => ((sbyte)value[0]).ToString(invariant),
            "Byte" => Counted(value[0]),
            "Int16" => BinaryPrimitives.ReadInt16LittleEndian(value).ToString(invariant),
            "UInt16" => Counted(BinaryPrimitives.ReadUInt16LittleEndian(value)),
            "Int32" => BinaryPrimitives.ReadInt32LittleEndian(value).ToString(invariant),
            "UInt32" => Counted(BinaryPrimitives.ReadUInt32LittleEndian(value)),
            "Int64" => BinaryPrimitives.ReadInt64LittleEndian(value).ToString(invariant),
            "UInt64" => Counted(BinaryPrimitives.ReadUInt64LittleEndian(value)),
            "Single" => BinaryPrimitives.ReadSingleLittleEndian(value).ToString("R", invariant),
            "Double" => BinaryPrimitives.ReadDoubleLittleEndian(value).ToString("R", invariant),
            "TimeSpan" => new TimeSpan(BinaryPrimitives.ReadInt64LittleEndian(value)).ToString("c", invariant),
            _ => Moment(BinaryPrimitives.ReadInt64LittleEndian(value)).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", invariant),
        };
    }

    // A key is kept as one more than the property it came from; 0 is a missing value and no key.
    private string Counted(ulong value) => Name != Key ? value.ToString(CultureInfo.InvariantCulture)
        : value > 0 ? (value - 1).ToString(CultureInfo.InvariantCulture)
        : throw new InvalidModelException("A vocabulary has the missing value among its keys.");

    private static string OffsetText(ReadOnlySpan<byte> packed, int number, int count)
    {
        short minutes = BinaryPrimitives.ReadInt16LittleEndian(packed[(number * 2)..]);
        DateTime clock = Moment(BinaryPrimitives.ReadInt64LittleEndian(packed[(count * 2 + number * 8)..]));
        try
        {
            return new DateTimeOffset(clock, TimeSpan.FromMinutes(minutes)).ToString("O", CultureInfo.InvariantCulture);
        }
        catch (ArgumentException e)
        {
            throw new InvalidModelException($"A vocabulary has the moment {clock:O} with an offset of {minutes} minutes, which is none.", e);
        }
    }

    private static DateTime Moment(long ticks) => ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
        ? new DateTime(ticks)
        : throw new InvalidModelException($"A vocabulary has a moment of {ticks} ticks, which is none.");

    private string InnerOfKey()
    {
        var parameters = new BlockReader(Parameters, "the codec Key2");
        string inner = parameters.Text();
        parameters.Bytes(parameters.VarInt("parameters of the inner codec"));
        parameters.Int64();
        parameters.End();
        return inner is "Byte" or "UInt16" or "UInt32" or "UInt64" ? inner : throw new InvalidModelException($"A key is kept as '{inner}', which no key is.");
    }
}
