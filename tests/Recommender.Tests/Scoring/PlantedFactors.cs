using System.Numerics.Tensors;
using Recommender.Factorization;
using Recommender.Tests.Factorization;

namespace Recommender.Tests.Scoring;

/// <summary>Factors as training makes them, and as nothing makes them but a scan has to bear.</summary>
internal static class PlantedFactors
{
    public enum Kind
    {
        Random, FallingLengths, RisingLengths, EqualLengths, AllEqual, Duplicates, Zeros, SomeZeros, Denormals, Short, Huge, SomeHuge,
        Mixed, FewValues, OneSpike,
        OneColumn, NoNumbers,
    }

    public static FactorMatrix Of(Kind kind, int count, int factors, Random random)
    {
        FactorMatrix items = VectorKernelsTests.Random(count, factors, random.Next());
        int spike = random.Next(count);
        for (int item = 0; item < count; item++)
        {
            Span<float> row = items.MutableRow(item);
            if (kind is Kind.Duplicates && item % 3 != 0) items.Row(random.Next(item)).CopyTo(row);
            if (kind is Kind.EqualLengths) TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
            if (kind is Kind.SomeZeros && random.Next(2) == 0) row.Clear();
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = kind switch
                {
                    Kind.FallingLengths => row[j] / (1 + item),
                    Kind.RisingLengths => row[j] / (1 + count - item),
                    Kind.AllEqual => 0.3f,
                    Kind.Zeros => 0,
                    Kind.Denormals => row[j] * 1e-42f,
                    Kind.Short => row[j] * MathF.Pow(10, -12 - item % 9),
                    Kind.Huge => row[j] * 3e38f,
                    Kind.SomeHuge => item % 50 == 7 ? row[j] * 3e38f : row[j],
                    Kind.Mixed => row[j] * MathF.Pow(10, item * 31 % 71 - 35),
                    Kind.FewValues => MathF.Round(row[0]),
                    Kind.OneSpike => item == spike ? 10 : -10,
                    Kind.OneColumn => j == item % factors ? row[j] : 0,
                    Kind.NoNumbers => (item + j) % 97 == 0 ? float.NaN : (item + j) % 89 == 0 ? float.PositiveInfinity : row[j],
                    _ => row[j],
                };
            }
        }
        return items;
    }
}
