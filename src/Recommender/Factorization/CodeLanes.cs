using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recommender.Factorization;

/// <summary>What products of codes need of a register of bytes.</summary>
internal unsafe interface ICodeLanes<TVector> where TVector : struct
{
    /// <summary>In a register.</summary>
    static abstract int Bytes { get; }

    static abstract TVector Load(byte* from);

    /// <summary>The low half of each byte.</summary>
    static abstract TVector Low(TVector bytes);

    /// <summary>The high half of each byte.</summary>
    static abstract TVector High(TVector bytes);

    /// <summary>Adds to short sums the products of neighbours: of bytes without sign by bytes with it.</summary>
    static abstract TVector AddPairs(TVector sums, TVector bytes, TVector signed);

    /// <summary>Adds short sums to those of 32 bits.</summary>
    static abstract TVector AddSums(TVector sums, TVector shortSums);

    /// <summary>What the numbers of 32 bits of each register add up to.</summary>
    static abstract Vector128<int> Totals(TVector a, TVector b, TVector c, TVector d);
}

internal readonly unsafe struct CodeLanes512 : ICodeLanes<Vector512<byte>>
{
    public static int Bytes => 64;

    public static Vector512<byte> Load(byte* from) => Vector512.Load(from);

    public static Vector512<byte> Low(Vector512<byte> bytes) => bytes & Vector512.Create((byte)0x0F);

    public static Vector512<byte> High(Vector512<byte> bytes) => (bytes.AsUInt16() >>> 4).AsByte() & Vector512.Create((byte)0x0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> AddPairs(Vector512<byte> sums, Vector512<byte> bytes, Vector512<byte> signed) =>
        (sums.AsInt16() + Avx512BW.MultiplyAddAdjacent(bytes, signed.AsSByte())).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> AddSums(Vector512<byte> sums, Vector512<byte> shortSums) =>
        (sums.AsInt32() + Avx512BW.MultiplyAddAdjacent(shortSums.AsInt16(), Vector512<short>.One)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Totals(Vector512<byte> a, Vector512<byte> b, Vector512<byte> c, Vector512<byte> d)
    {
        Vector512<int> ab = Avx512F.UnpackLow(a.AsInt32(), b.AsInt32()) + Avx512F.UnpackHigh(a.AsInt32(), b.AsInt32());
        Vector512<int> cd = Avx512F.UnpackLow(c.AsInt32(), d.AsInt32()) + Avx512F.UnpackHigh(c.AsInt32(), d.AsInt32());
        Vector512<int> abcd = Avx512F.UnpackLow(ab.AsInt64(), cd.AsInt64()).AsInt32()
            + Avx512F.UnpackHigh(ab.AsInt64(), cd.AsInt64()).AsInt32();
        Vector256<int> half = abcd.GetLower() + abcd.GetUpper();
        return half.GetLower() + half.GetUpper();
    }
}

internal readonly unsafe struct CodeLanes256 : ICodeLanes<Vector256<byte>>
{
    public static int Bytes => 32;

    public static Vector256<byte> Load(byte* from) => Vector256.Load(from);

    public static Vector256<byte> Low(Vector256<byte> bytes) => bytes & Vector256.Create((byte)0x0F);

    public static Vector256<byte> High(Vector256<byte> bytes) => (bytes.AsUInt16() >>> 4).AsByte() & Vector256.Create((byte)0x0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddPairs(Vector256<byte> sums, Vector256<byte> bytes, Vector256<byte> signed) =>
        (sums.AsInt16() + Avx2.MultiplyAddAdjacent(bytes, signed.AsSByte())).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddSums(Vector256<byte> sums, Vector256<byte> shortSums) =>
        (sums.AsInt32() + Avx2.MultiplyAddAdjacent(shortSums.AsInt16(), Vector256<short>.One)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Totals(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> d)
    {
        Vector256<int> abcd = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a.AsInt32(), b.AsInt32()), Avx2.HorizontalAdd(c.AsInt32(), d.AsInt32()));
        return abcd.GetLower() + abcd.GetUpper();
    }
}

/// <summary>With the instruction that multiplies and adds groups of four bytes: all sums are of 32 bits.</summary>
internal readonly unsafe struct CodeLanesVnni : ICodeLanes<Vector256<byte>>
{
    public static int Bytes => CodeLanes256.Bytes;

    public static Vector256<byte> Load(byte* from) => CodeLanes256.Load(from);

    public static Vector256<byte> Low(Vector256<byte> bytes) => CodeLanes256.Low(bytes);

    public static Vector256<byte> High(Vector256<byte> bytes) => CodeLanes256.High(bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddPairs(Vector256<byte> sums, Vector256<byte> bytes, Vector256<byte> signed) =>
        AvxVnni.MultiplyWideningAndAdd(sums.AsInt32(), bytes, signed.AsSByte()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddSums(Vector256<byte> sums, Vector256<byte> shortSums) => (sums.AsInt32() + shortSums.AsInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Totals(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> d) =>
        CodeLanes256.Totals(a, b, c, d);
}

internal readonly unsafe struct CodeLanes128 : ICodeLanes<Vector128<byte>>
{
    public static int Bytes => 16;

    public static Vector128<byte> Load(byte* from) => Vector128.Load(from);

    public static Vector128<byte> Low(Vector128<byte> bytes) => bytes & Vector128.Create((byte)0x0F);

    public static Vector128<byte> High(Vector128<byte> bytes) => (bytes.AsUInt16() >>> 4).AsByte() & Vector128.Create((byte)0x0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddPairs(Vector128<byte> sums, Vector128<byte> bytes, Vector128<byte> signed)
    {
        Vector128<short> even = (bytes.AsInt16() & Vector128.Create((short)0xFF)) * (signed.AsInt16() << 8 >> 8);
        return (sums.AsInt16() + even + (bytes.AsInt16() >>> 8) * (signed.AsInt16() >> 8)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddSums(Vector128<byte> sums, Vector128<byte> shortSums) =>
        (sums.AsInt32() + (shortSums.AsInt32() << 16 >> 16) + (shortSums.AsInt32() >> 16)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Totals(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) =>
        Vector128.Create(Vector128.Sum(a.AsInt32()), Vector128.Sum(b.AsInt32()), Vector128.Sum(c.AsInt32()), Vector128.Sum(d.AsInt32()));
}
