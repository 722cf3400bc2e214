using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Recommender.Factorization;

namespace Recommender.Scoring;

/// <summary>
/// Rounds one row of factors after the other to codes. One a thread. Compiled for speed at once: it runs for a moment at the start,
/// before the runtime would see that it runs often.
/// </summary>
/// <param name="stride">Of the factors.</param>
/// <param name="rowBytes">Of the codes, two a byte.</param>
internal sealed unsafe class RowRounding(int stride, int rowBytes)
{
    // Of the widest scale, which no code exceeds. A few great factors cut off make all others finer.
    private static readonly float[] _shares = [1, 0.91f, 0.83f, 0.75f];

    private readonly byte[] _codes = GC.AllocateArray<byte>(2 * rowBytes, pinned: true);

    /// <summary>What a code's step stands for.</summary>
    public float Scale { get; private set; }

    /// <summary>At least the length of the row less what its codes stand for; infinite where that is not bounded.</summary>
    public float Error { get; private set; }

    /// <summary>At least the row's length.</summary>
    public float Norm { get; private set; }

    private byte* Codes => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_codes));

    /// <param name="row">Padded with zeros.</param>
    /// <param name="to">The item's codes, as <see cref="CodeKernels"/> reads them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Round(float* row, byte* to)
    {
        (float greatest, float norm) = Measure(row);
        float slack = FactorCodes.Slack(stride);
        Norm = norm * (1 + slack) + 1e-20f;
        if (!(norm is >= FactorCodes.ShortestNorm and <= FactorCodes.LongestNorm))
        {
            // Squares of what is so short may be lost, and of what is so long be infinite.
            if (greatest <= FactorCodes.ShortestNorm) (Scale, Norm, Error) = (0, FactorCodes.ShortestNorm * stride,
                FactorCodes.ShortestNorm * stride);
            else (Scale, Norm, Error) = (0, float.PositiveInfinity, float.PositiveInfinity);
            new Span<byte>(Codes, stride).Fill(FactorCodes.Zero);
            Place(to);
            return;
        }
        float least = float.PositiveInfinity;
        foreach (float share in _shares)
        {
            float scale = greatest / (FactorCodes.Zero + 0.5f) * share, off = SquaredError(row, scale);
            if (off < least) (Scale, least) = (scale, off);
        }
        Encode(row, Scale);
        Place(to);
        Error = MathF.Sqrt(least) * (1 + slack) + norm * slack + 1e-20f;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (float Greatest, float Norm) Measure(float* row)
    {
        Vector256<float> greatest = default, squares = default;
        for (int j = 0; j < stride; j += 8)
        {
            Vector256<float> x = Vector256.Load(row + j);
            // A factor that is no number stays in the sum of squares.
            greatest = Vector256.Max(greatest, Vector256.Abs(x));
            squares = Vector256.MultiplyAddEstimate(x, x, squares);
        }
        float most = 0;
        for (int k = 0; k < 8; k++) most = Math.Max(most, greatest[k]);
        return (most, MathF.Sqrt(Vector256.Sum(squares)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float SquaredError(float* row, float scale)
    {
        Vector256<float> inverse = Vector256.Create(1 / scale), step = Vector256.Create(-scale), sum = default;
        for (int j = 0; j < stride; j += 8)
        {
            Vector256<float> x = Vector256.Load(row + j), off = Vector256.MultiplyAddEstimate(Rounded(x * inverse), step, x);
            sum = Vector256.MultiplyAddEstimate(off, off, sum);
        }
        return Vector256.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Encode(float* row, float scale)
    {
        Vector256<float> inverse = Vector256.Create(1 / scale), zero = Vector256.Create((float)FactorCodes.Zero);
        byte* to = Codes;
        for (int j = 0; j < stride; j += 32)
        {
            Vector256<int> a = Whole(j), b = Whole(j + 8), c = Whole(j + 16), d = Whole(j + 24);
            Vector256.Narrow(Vector256.Narrow(a, b), Vector256.Narrow(c, d)).AsByte().Store(to + j);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector256<int> Whole(int j) => Vector256.ConvertToInt32(Rounded(Vector256.Load(row + j) * inverse) + zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Rounded(Vector256<float> x) =>
        Vector256.Clamp(Vector256.Round(x), Vector256.Create((float)-FactorCodes.Zero),
        Vector256.Create((float)(CodeKernels.GreatestCode - FactorCodes.Zero)));

    private void Place(byte* to)
    {
        for (int j = 0; j < rowBytes; j += 16) (Vector128.Load(Codes + j) | Vector128.Load(Codes + rowBytes + j) << 4).Store(to + j);
    }
}
