using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recommender.Factorization;

/// <summary>What products of codes need of a register of bytes, groups of four of them an item.</summary>
internal unsafe interface ICodeLanes<TVector> where TVector : struct
{
    /// <summary>Groups of four bytes in a register.</summary>
    static abstract int Items { get; }

    static abstract TVector Load(byte* from);

    /// <summary>Four bytes in every group.</summary>
    static abstract TVector Repeat(int four);

    /// <summary>The low half of each byte.</summary>
    static abstract TVector Low(TVector bytes);

    /// <summary>The high half of each byte.</summary>
    static abstract TVector High(TVector bytes);

    /// <summary>Adds to sums of 16 bits the products of neighbours, two a sum: of bytes without sign by bytes with it.</summary>
    static abstract TVector AddPairs(TVector sums, TVector bytes, TVector signed);

    /// <summary>Adds to sums of 32 bits two neighbours of 16 bits each.</summary>
    static abstract TVector AddShorts(TVector sums, TVector shorts);

    static abstract void Store(TVector sums, int* to);
}

internal readonly unsafe struct CodeLanes512 : ICodeLanes<Vector512<byte>>
{
    public static int Items => 16;

    public static Vector512<byte> Load(byte* from) => Vector512.Load(from);

    public static Vector512<byte> Repeat(int four) => Vector512.Create(four).AsByte();

    public static Vector512<byte> Low(Vector512<byte> bytes) => bytes & Vector512.Create((byte)0x0F);

    public static Vector512<byte> High(Vector512<byte> bytes) => (bytes.AsUInt16() >>> 4).AsByte() & Vector512.Create((byte)0x0F);

    public static Vector512<byte> AddPairs(Vector512<byte> sums, Vector512<byte> bytes, Vector512<byte> signed) =>
        (sums.AsInt16() + Avx512BW.MultiplyAddAdjacent(bytes, signed.AsSByte())).AsByte();

    public static Vector512<byte> AddShorts(Vector512<byte> sums, Vector512<byte> shorts) =>
        (sums.AsInt32() + Avx512BW.MultiplyAddAdjacent(shorts.AsInt16(), Vector512<short>.One)).AsByte();

    public static void Store(Vector512<byte> sums, int* to) => sums.AsInt32().Store(to);
}

internal readonly unsafe struct CodeLanes256 : ICodeLanes<Vector256<byte>>
{
    public static int Items => 8;

    public static Vector256<byte> Load(byte* from) => Vector256.Load(from);

    public static Vector256<byte> Repeat(int four) => Vector256.Create(four).AsByte();

    public static Vector256<byte> Low(Vector256<byte> bytes) => bytes & Vector256.Create((byte)0x0F);

    public static Vector256<byte> High(Vector256<byte> bytes) => (bytes.AsUInt16() >>> 4).AsByte() & Vector256.Create((byte)0x0F);

    public static Vector256<byte> AddPairs(Vector256<byte> sums, Vector256<byte> bytes, Vector256<byte> signed) =>
        (sums.AsInt16() + Avx2.MultiplyAddAdjacent(bytes, signed.AsSByte())).AsByte();

    public static Vector256<byte> AddShorts(Vector256<byte> sums, Vector256<byte> shorts) =>
        (sums.AsInt32() + Avx2.MultiplyAddAdjacent(shorts.AsInt16(), Vector256<short>.One)).AsByte();

    public static void Store(Vector256<byte> sums, int* to) => sums.AsInt32().Store(to);
}

internal readonly unsafe struct CodeLanes128 : ICodeLanes<Vector128<byte>>
{
    public static int Items => 4;

    public static Vector128<byte> Load(byte* from) => Vector128.Load(from);

    public static Vector128<byte> Repeat(int four) => Vector128.Create(four).AsByte();

    public static Vector128<byte> Low(Vector128<byte> bytes) => bytes & Vector128.Create((byte)0x0F);

    public static Vector128<byte> High(Vector128<byte> bytes) => (bytes.AsUInt16() >>> 4).AsByte() & Vector128.Create((byte)0x0F);

    public static Vector128<byte> AddPairs(Vector128<byte> sums, Vector128<byte> bytes, Vector128<byte> signed)
    {
        Vector128<short> even = (bytes.AsInt16() & Vector128.Create((short)0xFF)) * (signed.AsInt16() << 8 >> 8);
        return (sums.AsInt16() + even + (bytes.AsInt16() >>> 8) * (signed.AsInt16() >> 8)).AsByte();
    }

    public static Vector128<byte> AddShorts(Vector128<byte> sums, Vector128<byte> shorts) =>
        (sums.AsInt32() + (shorts.AsInt32() << 16 >> 16) + (shorts.AsInt32() >> 16)).AsByte();

    public static void Store(Vector128<byte> sums, int* to) => sums.AsInt32().Store(to);
}
