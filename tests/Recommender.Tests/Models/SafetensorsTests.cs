using System.Diagnostics;
using System.Globalization;
using Recommender.Models;
using Recommender.Similarity;

namespace Recommender.Tests.Models;

public sealed class SafetensorsTests
{
    // What the safetensors package and numpy do, in the standard library: length, JSON header, offsets from the header's end.
    private const string Script = """
        import json, struct, sys
        f = open(sys.argv[1], 'rb').read()
        n = struct.unpack('<Q', f[:8])[0]
        assert (8 + n) % 64 == 0
        for name, t in json.loads(f[8:8 + n]).items():
            a, b = t['data_offsets']
            code = {'F32': 'f', 'I32': 'i', 'I64': 'q'}[t['dtype']]
            v = struct.unpack('<%d%s' % ((b - a) // struct.calcsize(code), code), f[8 + n + a:8 + n + b])
            print(name, t['dtype'], 'x'.join(map(str, t['shape'])), len(v), repr(sum(v)))
        """;

    [Fact]
    public async Task Python_reads_the_model_file()
    {
        string? python = Python();
        if (python is null && Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail("python3 is missing.");
        Assert.SkipUnless(python is not null, "python3 is not installed.");
        TrainedModel model = SmallShop.Train(SmallShop.Random(4), SmallShop.Recipe(factors: 6) with { Similarities = [new RandomWalkOptions()] });
        string path = Path.GetTempFileName();
        try
        {
            ModelFiles.Write(model, name => name == ModelFiles.ServingTensors ? File.Create(path) : new MemoryStream());
            using var process = Process.Start(new ProcessStartInfo(python!, ["-c", Script, path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
            string[][] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))];
            Assert.Equal(["item_factors", "item_factors_zero_rows", "similarity_0_starts", "similarity_0_items", "similarity_0_values", "gramian_eigenvalues",
                "popularity", "taste_shares", "taste_covariance"],
                lines.Select(line => line[0]));
            Assert.Equal(["F32", "45x6", "270"], lines[0][1..4]);
            double sum = Enumerable.Range(0, 45).Sum(item => model.ItemFactors.Row(item).ToArray().Sum(factor => (double)factor));
            Assert.Equal(sum, double.Parse(lines[0][4], CultureInfo.InvariantCulture), 1e-9);
            Assert.Equal(["I64", "46", "46"], lines[2][1..4]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_header_is_aligned_whatever_its_length()
    {
        for (int length = 1; length <= 9; length++)
        {
            using var stream = new MemoryStream();
            Safetensors.Write(stream, [Safetensors.Of(new string('n', length), new float[] { 1, 2 })]);
            Assert.Equal(0, (8 + BitConverter.ToInt64(stream.ToArray())) % 64);
            stream.Position = 0;
            var reader = new SafetensorsReader(stream, "file");
            Assert.Equal([1, 2], reader.Floats(new string('n', length)));
            reader.End();
        }
    }

    private static string? Python() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "python3")).FirstOrDefault(File.Exists);
}
