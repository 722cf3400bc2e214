using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Recommender.Factorization;

namespace Recommender.Scoring;

/// <summary>A vector rounded to whole numbers of eight bits times a scale, and how far off that is.</summary>
internal sealed unsafe class QueryCodes
{
    // On the pinned heap, so that a pointer into it stays good.
    private readonly sbyte[] _codes;

    /// <param name="rowBytes">Of an item's codes, two a byte.</param>
    public QueryCodes(int rowBytes) => _codes = GC.AllocateArray<sbyte>(2 * rowBytes, pinned: true);

    /// <summary>One a column, 0 in the padding.</summary>
    public sbyte* Codes => (sbyte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_codes));

    public float Scale { get; private set; }

    /// <summary>Of the codes.</summary>
    public int Sum { get; private set; }

    /// <summary>At least the vector's length.</summary>
    public float Norm { get; private set; }

    /// <summary>At least the length of what the rounding took off, and of what sums of floats may be off by.</summary>
    public float Error { get; private set; }

    /// <summary>False of a vector so short, long or broken that products with it are not bounded.</summary>
    public bool TryRead(ReadOnlySpan<float> padded)
    {
        float greatest = MathF.Abs(TensorPrimitives.MaxMagnitude(padded)), slack = FactorCodes.Slack(padded.Length);
        float norm = TensorPrimitives.Norm(padded) * (1 + slack);
        if (greatest == 0)
        {
            Array.Clear(_codes);
            (Scale, Sum, Norm, Error) = (0, 0, 0, 0);
            return true;
        }
        if (!(norm is >= FactorCodes.ShortestNorm and <= FactorCodes.LongestNorm)) return false;
        (Scale, Norm) = (greatest / CodeKernels.GreatestQueryCode, norm);
        Error = MathF.Sqrt(Round(padded, CodeKernels.GreatestQueryCode / greatest)) * (1 + slack) + norm * slack;
        return true;
    }

    // Returns the squares of what that takes off.
    private float Round(ReadOnlySpan<float> padded, float inverse)
    {
        Vector256<float> error = default;
        Vector256<int> sum = default;
        ref float first = ref MemoryMarshal.GetReference(padded);
        for (int j = 0; j < padded.Length; j += 32)
        {
            Vector256<int> a = Next(ref first, j), b = Next(ref first, j + 8), c = Next(ref first, j + 16), d = Next(ref first, j + 24);
            Vector256.Narrow(Vector256.Narrow(a, b), Vector256.Narrow(c, d)).Store(Codes + j);
        }
        Sum = Vector256.Sum(sum);
        return Vector256.Sum(error);

        Vector256<int> Next(ref float first, int j)
        {
            Vector256<float> x = Vector256.LoadUnsafe(ref first, (nuint)j), code = Vector256.Round(x * inverse), off = x - code * Scale;
            error += off * off;
            Vector256<int> whole = Vector256.ConvertToInt32(code);
            sum += whole;
            return whole;
        }
    }
}
