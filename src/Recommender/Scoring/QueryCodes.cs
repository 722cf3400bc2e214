using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        float greatest = TensorPrimitives.MaxMagnitude(padded);
        if (greatest == 0)
        {
            Array.Clear(_codes);
            (Scale, Sum, Norm, Error) = (0, 0, 0, 0);
            return true;
        }
        float slack = FactorCodes.Slack(padded.Length), norm = TensorPrimitives.Norm(padded) * (1 + slack);
        if (!(norm is >= FactorCodes.ShortestNorm and <= FactorCodes.LongestNorm)) return false;
        Scale = greatest / CodeKernels.GreatestQueryCode;
        float inverse = CodeKernels.GreatestQueryCode / greatest, error = 0;
        int sum = 0;
        for (int j = 0; j < padded.Length; j++)
        {
            int code = (int)MathF.Round(padded[j] * inverse);
            float off = padded[j] - code * Scale;
            _codes[j] = (sbyte)code;
            sum += code;
            error += off * off;
        }
        (Sum, Norm, Error) = (sum, norm, MathF.Sqrt(error) * (1 + slack) + norm * slack);
        return true;
    }
}
