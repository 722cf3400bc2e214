using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Recommender.Models;
using Recommender.Storage;

namespace Recommender.Benchmarks;

/// <summary>
/// A saved model of the default recipe read to serve, its files in the system's cache: mapped, looked through by the checks of their pieces, every number
/// looked at. Beside it the SHA-256 of the same files, which is the check that a model that travels goes through.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, warmupCount: 1, iterationCount: 7)]
public class ModelLoadBenchmarks
{
    private string _root = "";
    private ModelFolder _folder = null!;
    private string[] _files = [];

    [Params(100_000, 1_000_000)]
    public int Items { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _root = Directory.CreateTempSubdirectory("load-").FullName;
        _folder = new ModelFolder(_root);
        ModelCard card = _folder.Save(LargeModel.Make(Items, factors: 128, described: false, id: "large"), CancellationToken.None);
        _files = [.. ModelFiles.ToServe(card).Select(name => Path.Combine(_folder.PathOf("large"), name))];
        GC.Collect();
    }

    [Benchmark(Baseline = true)]
    public TrainedModel Load() => _folder.Load("large");

    [Benchmark]
    public int Sha256()
    {
        int sum = 0;
        foreach (string file in _files)
        {
            using FileStream stream = File.OpenRead(file);
            sum += SHA256.HashData(stream)[0];
        }
        return sum;
    }

    [GlobalCleanup]
    public void Remove() => Directory.Delete(_root, recursive: true);
}
