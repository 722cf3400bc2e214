using System.Runtime.Intrinsics;

namespace Recommender.Scoring;

/// <summary>What the 64 items of a block score at most, and those for whom that is enough.</summary>
internal static unsafe class BlockBounds
{
    /// <summary>Such a bound of any four items.</summary>
    public static Vector128<float> OfProducts(Vector128<int> products, int zero, float scale, Vector128<float> scales, float norm,
        Vector128<float> errors, float more)
    {
        Vector128<float> product = Vector128.ConvertToSingle(products - Vector128.Create(zero)) * scale * scales;
        return product + Vector128.MultiplyAddEstimate(errors, Vector128.Create(norm), Vector128.Create(more));
    }

    /// <summary>bounds = scale x s_k x (product_k - zero) + norm x e_k + more; bit k where that is not below the threshold.</summary>
    public static ulong OfProducts(int* products, int zero, float scale, float* scales, float norm, float* errors, float more,
        float threshold, float* bounds)
    {
        ulong below = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<int> zeros = Vector512.Create(zero);
            Vector512<float> scaling = Vector512.Create(scale), length = Vector512.Create(norm), all = Vector512.Create(more);
            for (int k = 0; k < FactorCodes.Block; k += 16)
            {
                Vector512<float> product = Vector512.ConvertToSingle(Vector512.Load(products + k) - zeros) * scaling;
                product *= Vector512.Load(scales + k);
                Vector512<float> bound = product + Vector512.MultiplyAddEstimate(Vector512.Load(errors + k), length, all);
                bound.Store(bounds + k);
                below |= Vector512.LessThan(bound, Vector512.Create(threshold)).ExtractMostSignificantBits() << k;
            }
            return ~below;
        }
        for (int k = 0; k < FactorCodes.Block; k += 8)
        {
            Vector256<float> product = Vector256.ConvertToSingle(Vector256.Load(products + k) - Vector256.Create(zero)) * scale;
            product *= Vector256.Load(scales + k);
            product += Vector256.MultiplyAddEstimate(Vector256.Load(errors + k), Vector256.Create(norm), Vector256.Create(more));
            product.Store(bounds + k);
            below |= (ulong)Vector256.LessThan(product, Vector256.Create(threshold)).ExtractMostSignificantBits() << k;
        }
        return ~below;
    }

    /// <summary>The same bound for all.</summary>
    public static void Fill(float bound, float* bounds) => new Span<float>(bounds, FactorCodes.Block).Fill(bound);

    /// <summary>Adds what is added to the items' products, rounded as <see cref="AddedScores.Of"/> rounds it.</summary>
    public static void Add(AddedScores added, int block, float* bounds)
    {
        Vector256<float> weight = Vector256.Create(added.Weight);
        ref readonly float fixedScores = ref added.Fixed[block * FactorCodes.Block], values = ref added.Values[block * FactorCodes.Block];
        for (int k = 0; k < FactorCodes.Block; k += 8)
        {
            Vector256<float> of = Vector256.LoadUnsafe(in values, (nuint)k) + weight * Vector256.LoadUnsafe(in fixedScores, (nuint)k);
            (Vector256.Load(bounds + k) + of).Store(bounds + k);
        }
    }

    /// <summary>Applies to each bound its factor, as <see cref="Boost.Applied"/> does.</summary>
    public static void Boost(float* factors, float* bounds, int count)
    {
        for (int k = 0; k < count; k += 8)
        {
            Vector256<float> bound = Vector256.Load(bounds + k), factor = Vector256.Load(factors + k);
            Vector256<float> isPositive = Vector256.GreaterThan(bound, Vector256<float>.Zero);
            Vector256.ConditionalSelect(isPositive, bound * factor, bound / factor).Store(bounds + k);
        }
    }

    /// <summary>Bit k where bounds[k] is not below; also where it is no number.</summary>
    public static ulong NotBelow(float* bounds, float threshold)
    {
        ulong below = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> least = Vector512.Create(threshold);
            for (int k = 0; k < FactorCodes.Block; k += 16)
                below |= Vector512.LessThan(Vector512.Load(bounds + k), least).ExtractMostSignificantBits() << k;
            return ~below;
        }
        for (int k = 0; k < FactorCodes.Block; k += 8)
            below |= (ulong)Vector256.LessThan(Vector256.Load(bounds + k), Vector256.Create(threshold)).ExtractMostSignificantBits() << k;
        return ~below;
    }

    /// <summary>Bit k where bounds[k] less norm x e_k and less is not below; also where it is no number.</summary>
    public static ulong NotBelow(float* bounds, float* errors, float norm, float less, float threshold)
    {
        ulong below = 0;
        for (int k = 0; k < FactorCodes.Block; k += 8)
        {
            Vector256<float> least = Vector256.MultiplyAddEstimate(Vector256.Load(errors + k), Vector256.Create(norm),
                Vector256.Create(less + threshold));
            below |= (ulong)Vector256.LessThan(Vector256.Load(bounds + k), least).ExtractMostSignificantBits() << k;
        }
        return ~below;
    }
}
