using Recommender.Factorization;

namespace Recommender.Tests.Factorization;

/// <summary>Products of codes on every path that this machine can run, against the schoolbook's loop.</summary>
public sealed unsafe class CodeKernelsTests
{
    private const int Parts = 3;

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
    public void Parts_of_codes_times_a_query_is_what_the_schoolbook_says(string path)
    {
        var random = new Random(3);
        foreach (int columns in (int[])[32, 64, 96, 1024])
        {
            foreach (bool extreme in (bool[])[false, true])
            {
                int steps = columns / CodeKernels.StepColumns;
                byte[] codes = new byte[Parts * CodeKernels.StepBytes * steps];
                sbyte[] query = new sbyte[columns];
                random.NextBytes(codes);
                foreach (ref sbyte one in query.AsSpan()) one = (sbyte)random.Next(-CodeKernels.GreatestQueryCode,
                    CodeKernels.GreatestQueryCode + 1);
                if (extreme)
                {
                    codes.AsSpan().Fill(0xFF);
                    query.AsSpan().Fill((sbyte)(columns == 96 ? -CodeKernels.GreatestQueryCode : CodeKernels.GreatestQueryCode));
                }
                int[] products = new int[Parts * CodeKernels.PartItems];
                fixed (byte* from = codes)
                fixed (sbyte* by = query)
                fixed (int* to = products) Path(path).Multiply(from, Parts, steps, by, to);
                for (int item = 0; item < products.Length; item++)
                {
                    int expected = 0;
                    for (int j = 0; j < columns; j++)
                    {
                        int pair = codes[(item / 16 * steps + j / 8) * CodeKernels.StepBytes + item % 16 * 4 + j % 4];
                        expected += (j % 8 < 4 ? pair & 0xF : pair >> 4) * query[j];
                    }
                    Assert.Equal(expected, products[item]);
                }
            }
        }
    }

    /// <summary>A path by its name; skips where the machine has not the instructions for it.</summary>
    internal static CodeKernels Path(string path)
    {
        Assert.SkipUnless(CodeKernels.Supported.Contains(_paths[path]), $"This machine has no {path}.");
        return _paths[path];
    }
}
