using System.Diagnostics;
using System.Globalization;
using Recommender.Factorization;
using Recommender.Scoring;
using Recommender.Tests.Factorization;

namespace Recommender.Tests.Scoring;

/// <summary>What a scan may rely on: no bound is below the score that the kernels round.</summary>
public sealed unsafe class FactorCodesTests
{
    public static TheoryData<string> Catalogues => [.. Enum.GetNames<PlantedFactors.Kind>()];

    [Theory]
    [MemberData(nameof(Catalogues))]
    public void No_item_scores_above_its_bound_or_its_blocks(string catalogue)
    {
        var random = new Random(5);
        int[] products = new int[FactorCodes.Block];
        float[] bounds = new float[FactorCodes.Block];
        for (int round = 0; round < 30; round++)
        {
            FactorMatrix items = PlantedFactors.Of(Enum.Parse<PlantedFactors.Kind>(catalogue), random.Next(1, 300), random.Next(1, 140),
                random);
            FactorMatrix vector = VectorKernelsTests.Random(1, items.Factors, round);
            float factor = ((float[])[1, 1e-14f, 1e15f, 0])[round % 4];
            foreach (ref float value in vector.MutableRow(0)) value *= factor;
            // What rounds worst: a row against itself, where nothing cancels.
            if (round % 5 == 0) items.Row(random.Next(items.Rows)).CopyTo(vector.MutableRow(0));
            FactorCodes codes = FactorCodes.Of(items, threads: 1, CancellationToken.None);
            var query = new QueryCodes(codes.RowBytes);
            if (!query.TryRead(vector.Padded[..items.Stride])) continue;
            var scan = new FactorScan(items, VectorKernelsTests.Widths.Values.ElementAt(round % 3));
            for (int item = 0; item < items.Rows; item++)
            {
                int block = item / FactorCodes.Block;
                float score = scan.Score(vector, null, item);
                // Every other round a bound itself, which is as the item before left it.
                float threshold = round % 2 == 0 ? score : bounds[item % FactorCodes.Block];
                ulong notBelow;
                fixed (int* product = products)
                fixed (float* bound = bounds)
                {
                    CodeKernels.Wide128.Multiply(codes.OfBlock(block), FactorCodes.Block, codes.RowBytes, query.Codes, product);
                    int first = block * FactorCodes.Block;
                    notBelow = BlockBounds.OfProducts(product, FactorCodes.Zero * query.Sum, query.Scale, codes.Scales + first, query.Norm,
                        codes.Errors + first, codes.Reaches[block] * query.Error, threshold, bound);
                }
                string who = $"{catalogue}, round {round}: item {item} scores {score:r}";
                float itsBound = bounds[item % FactorCodes.Block], ofBlock = codes.Norms[block] * query.Norm;
                Assert.False(itsBound < score, $"{who}, its bound is {itsBound:r}");
                Assert.False(ofBlock < score, $"{who}, its block's bound is {ofBlock:r}");
                for (int k = 0; k < FactorCodes.Block; k++)
                    Assert.True((notBelow >> k & 1) != 0 == !(bounds[k] < threshold),
                        $"{who}, {k} has {bounds[k]:r}, the threshold is {threshold:r}");
            }
        }
    }

    [Fact]
    public void A_bound_is_not_far_above_the_score()
    {
        FactorMatrix items = VectorKernelsTests.Random(640, 128, 1), vector = VectorKernelsTests.Random(1, 128, 2);
        FactorCodes codes = FactorCodes.Of(items, threads: 2, CancellationToken.None);
        var query = new QueryCodes(codes.RowBytes);
        Assert.True(query.TryRead(vector.Padded[..items.Stride]));
        for (int item = 0; item < items.Rows; item++)
        {
            double length = Math.Sqrt(HalfStepTests.Dot(items.Row(item), items.Row(item)));
            Assert.InRange(codes.Errors[item], 0.01 * length, 0.12 * length);
            Assert.InRange(codes.Norms[item / FactorCodes.Block], length, 1.4 * length);
        }
        Assert.InRange(query.Error, 0.0005 * query.Norm, 0.01 * query.Norm);
    }

    [Fact]
    public void Codes_are_the_same_whatever_the_threads()
    {
        FactorMatrix items = VectorKernelsTests.Random(20_000, 33, 1);
        FactorCodes one = FactorCodes.Of(items, threads: 1, CancellationToken.None), two = FactorCodes.Of(items, threads: 2,
            CancellationToken.None);
        int bytes = one.Blocks * FactorCodes.Block * one.RowBytes, floats = 2 * one.Blocks * FactorCodes.Block + 2 * one.PaddedBlocks;
        Assert.True(new ReadOnlySpan<byte>(one.OfBlock(0), bytes).SequenceEqual(new ReadOnlySpan<byte>(two.OfBlock(0), bytes)));
        Assert.True(new ReadOnlySpan<float>(one.Scales, floats).SequenceEqual(new ReadOnlySpan<float>(two.Scales, floats)));
    }

    [Fact]
    public void Codes_of_128_factors_take_less_than_a_sixth_of_their_bytes()
    {
        var items = new FactorMatrix(10_000, 128);
        Assert.InRange(FactorCodes.Of(items, threads: 2, CancellationToken.None).Bytes, 1, 10_000L * 128 * sizeof(float) / 6);
    }

    [Fact]
    public void Scans_are_right_on_a_machine_without_vector_instructions()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("DOTNET_EnableAVX") == "0", "This is that machine.");
        var start = new ProcessStartInfo(Environment.ProcessPath!,
        [
            "-noColor", "-class", typeof(FactorScanTests).FullName!, "-class", typeof(NewcomerScoresTests).FullName!,
            "-class", typeof(SparseScoresTests).FullName!,
        ])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["DOTNET_EnableAVX"] = "0" },
        };
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Contains("Failed: 0,", output, StringComparison.Ordinal);
        Assert.True(int.Parse(output.Split("Total: ")[1].Split(',')[0], CultureInfo.InvariantCulture)
            > NewcomerScoresTests.Seeds.Count, "The newcomers are among them: " + output);
        Assert.Contains("has no avx2", output, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }
}
