using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Recommender.Models;
using Recommender.Storage;

namespace Recommender.Tests.Models;

/// <summary>A data scientist opens a model folder with Python and numpy, and has the very numbers that answer requests here.</summary>
public sealed class ModelFolderInPythonTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    // As the safetensors package does it, which the distribution has not: a length, a JSON header, and arrays that numpy maps.
    private const string Script = """
        import json, pathlib, struct, sys
        import numpy as np

        def load(path):
            n = struct.unpack('<Q', path.read_bytes()[:8])[0]
            header = json.loads(path.read_bytes()[8:8 + n])
            bytes = np.memmap(path, np.uint8, 'r', offset=8 + n)
            kinds = {'F32': np.float32, 'I32': np.int32, 'I64': np.int64}
            return {name: bytes[t['data_offsets'][0]:t['data_offsets'][1]].view(kinds[t['dtype']]).reshape(t['shape']) for name, t in header.items()}

        folder = pathlib.Path(sys.argv[1])
        card = json.loads((folder / 'model.json').read_text('utf-8'))
        items = (folder / 'items.txt').read_text('utf-8').split('\n')[:-1]
        people = (folder / 'customers.txt').read_text('utf-8').split('\n')[:-1]
        model, customers = load(folder / 'model.safetensors'), load(folder / 'customers.safetensors')
        scores = customers['customer_factors'] @ model['item_factors'].T
        print(json.dumps({
            'factors': card['recipe']['factorization']['factors'], 'items': items, 'people': people,
            'shapes': {name: list(t.shape) for name, t in {**model, **customers}.items()},
            'sums': {name: float(t.sum(dtype=np.float64)) for name, t in {**model, **customers}.items()},
            'row': [float(x) for x in model['item_factors'][7]], 'score': float(scores[3, 7]),
        }))
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("python-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Python_and_numpy_read_a_model_folder_and_score_as_we_do()
    {
        await RequireNumpyAsync();
        TrainedModel model = SmallShop.Train(SmallShop.Random(4), SmallShop.Recipe(factors: 6));
        var folder = new ModelFolder(_root);
        folder.Save(model, CancellationToken.None);
        CustomerFactors customers = model.Customers!;
        model = folder.Load(model.Card.Id);

        JsonNode read = JsonNode.Parse(await RunAsync("-c", Script, folder.PathOf(model.Card.Id)))!;
        Assert.Equal(6, read["factors"]!.GetValue<int>());
        Assert.Equal(Enumerable.Range(0, model.Items.Count).Select(item => model.Items[item]), read["items"]!.AsArray().Select(id => id!.GetValue<string>()));
        Assert.Equal(Enumerable.Range(0, customers.People.Count).Select(row => customers.People[row]),
            read["people"]!.AsArray().Select(id => id!.GetValue<string>()));
        Assert.Equal([45, 6], read["shapes"]!["item_factors"]!.AsArray().Select(side => side!.GetValue<int>()));
        Assert.Equal([60, 6], read["shapes"]!["customer_factors"]!.AsArray().Select(side => side!.GetValue<int>()));
        AssertSum(read, "item_factors", Enumerable.Range(0, 45).Sum(item => model.ItemFactors.Row(item).ToArray().Sum(factor => (double)factor)));
        AssertSum(read, "customer_factors", Enumerable.Range(0, 60).Sum(row => customers.Factors.Row(row).ToArray().Sum(factor => (double)factor)));
        AssertSum(read, "popularity", model.Popularity.Means.ToArray().Sum(mean => (double)mean));
        AssertSum(read, "similarity_0_items", model.Similarities[0].Items.ToArray().Sum(item => (double)item));
        // Every float, to the bit: as doubles both are exact.
        Assert.Equal(model.ItemFactors.Row(7).ToArray().Select(factor => (double)factor), read["row"]!.AsArray().Select(factor => factor!.GetValue<double>()));
        Assert.Equal(model.ItemFactors.Row(7).ToArray().Zip(customers.Factors.Row(3).ToArray()).Sum(pair => pair.First * pair.Second),
            read["score"]!.GetValue<double>(), 1e-5);
    }

    private static void AssertSum(JsonNode read, string tensor, double expected) =>
        Assert.Equal(expected, read["sums"]![tensor]!.GetValue<double>(), 1e-9 * Math.Max(1, Math.Abs(expected)));

    private static async Task RequireNumpyAsync()
    {
        bool there = File.Exists(Python) && await RunAsync("-c", "import importlib.util; print(importlib.util.find_spec('numpy') is not None)") == "True\n";
        if (there) return;
        const string Reason = "python3-numpy is not installed: run .ci/interop-setup";
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Reason);
        Assert.Fail(Reason);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"{Python} ended with {process.ExitCode}"));
        return output;
    }
}
