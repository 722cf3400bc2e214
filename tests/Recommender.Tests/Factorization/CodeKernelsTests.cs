using System.Runtime.Intrinsics;
using Recommender.Factorization;

namespace Recommender.Tests.Factorization;

/// <summary>Products of codes on every path that this machine can run, against the schoolbook's loop.</summary>
public sealed unsafe class CodeKernelsTests
{
    private const int Rows = 32;

    private static readonly Dictionary<string, CodeKernels> _paths = new()
    {
        ["avx512"] = CodeKernels.Wide512,
        ["vnni"] = CodeKernels.Vnni256,
        ["avx2"] = CodeKernels.Wide256,
        ["portable"] = CodeKernels.Wide128,
    };

    /// <summary>Of all paths, the machine's or not.</summary>
    internal static string[] Names { get; } = [.. _paths.OrderBy(path =>
        Array.IndexOf(CodeKernels.Supported, path.Value) is var at and >= 0 ? at : 9).Select(path => path.Key)];

    public static TheoryData<string> Paths => [.. Names];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Rows_of_codes_times_a_query_are_what_the_schoolbook_says(string path)
    {
        var random = new Random(3);
        int[] products = new int[Rows], listed = [31, 0, 30, 7];
        foreach (int rowBytes in (int[])[32, 64, 96, 128, 512])
        {
            foreach (bool extreme in (bool[])[false, true])
            {
                byte[] codes = new byte[Rows * rowBytes];
                sbyte[] query = new sbyte[2 * rowBytes];
                random.NextBytes(codes);
                foreach (ref sbyte one in query.AsSpan()) one = (sbyte)random.Next(-CodeKernels.GreatestQueryCode,
                    CodeKernels.GreatestQueryCode + 1);
                if (extreme)
                {
                    codes.AsSpan().Fill(0xFF);
                    query.AsSpan().Fill((sbyte)(rowBytes == 96 ? -CodeKernels.GreatestQueryCode : CodeKernels.GreatestQueryCode));
                }
                Vector128<int> four;
                fixed (byte* from = codes)
                fixed (sbyte* by = query)
                fixed (int* to = products, items = listed)
                {
                    Path(path).Multiply(from, Rows, rowBytes, by, to);
                    four = Path(path).MultiplyFour(from, items, rowBytes, by);
                }
                for (int row = 0; row < Rows; row++) Assert.Equal(Product(codes.AsSpan(row * rowBytes, rowBytes), query), products[row]);
                for (int k = 0; k < 4; k++) Assert.Equal(products[listed[k]], four.GetElement(k));
            }
        }
    }

    private static int Product(ReadOnlySpan<byte> row, ReadOnlySpan<sbyte> query)
    {
        int sum = 0;
        for (int j = 0; j < row.Length; j++) sum += (row[j] & 0xF) * query[j] + (row[j] >> 4) * query[row.Length + j];
        return sum;
    }

    /// <summary>A path by its name; skips where the machine has not the instructions for it.</summary>
    internal static CodeKernels Path(string path)
    {
        Assert.SkipUnless(CodeKernels.Supported.Contains(_paths[path]), $"This machine has no {path}.");
        return _paths[path];
    }
}
