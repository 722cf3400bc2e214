using System.Buffers.Binary;
using System.Globalization;

namespace Recommender.Storage.Bson;

/// <summary>
/// IEEE 754-2008 decimal128 in its binary integer form, as BSON has it: sign, 14 bits of exponent (bias 6176), 113 bits of integer. Every
/// <see cref="decimal"/> is one, scale included; of those from elsewhere, what a decimal holds exactly.
/// </summary>
internal static class Decimal128
{
    public const int Size = 16;
    private const int Bias = 6176;
    private const int ExponentShift = 49;
    private const int MostScale = 28;
    private static readonly UInt128 _ten = 10;

    // The format has room for more than its 34 digits; what is beyond them is nobody's number.
    private static readonly UInt128 _largest = UInt128.Parse("9999999999999999999999999999999999", CultureInfo.InvariantCulture);

    public static void Write(Span<byte> target, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        int scale = (parts[3] >> 16) & 0x7F;
        ulong sign = parts[3] < 0 ? 1UL << 63 : 0;
        BinaryPrimitives.WriteUInt64LittleEndian(target, (uint)parts[0] | ((ulong)(uint)parts[1] << 32));
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], sign | ((ulong)(Bias - scale) << ExponentShift) | (uint)parts[2]);
    }

    /// <exception cref="InvalidBsonException">It is not a number, or has more digits than a decimal holds.</exception>
    public static decimal Read(ReadOnlySpan<byte> source)
    {
        ulong low = BinaryPrimitives.ReadUInt64LittleEndian(source), high = BinaryPrimitives.ReadUInt64LittleEndian(source[8..]);
        // Two set bits after the sign: infinity, not a number, or an integer part that no canonical value has.
        if ((high >> 61 & 3) == 3) throw new InvalidBsonException("A decimal128 is infinite, not a number or not canonical.");
        int exponent = (int)(high >> ExponentShift & 0x3FFF) - Bias;
        var digits = new UInt128(high & ((1UL << ExponentShift) - 1), low);
        if (digits > _largest) throw new InvalidBsonException("A decimal128 has more than its 34 digits.");
        if (digits == 0) exponent = Math.Clamp(exponent, -MostScale, 0);
        for (; exponent > 0 && digits <= UInt128.MaxValue / _ten >> 32; exponent--) digits *= _ten;
        for (; (exponent < -MostScale || digits >> 96 != 0) && exponent < 0 && digits % _ten == 0; exponent++) digits /= _ten;
        if (exponent is > 0 or < -MostScale || digits >> 96 != 0) throw new InvalidBsonException($"A decimal128 ({digits}E{exponent}) has more digits than can be kept.");
        return new decimal((int)(uint)digits, (int)(uint)(digits >> 32), (int)(uint)(digits >> 64), high >> 63 == 1, (byte)-exponent);
    }
}
