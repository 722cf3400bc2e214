using System.Collections.Concurrent;
using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Recommender.Benchmarks;

/// <summary>
/// CPU seconds of each call, taken by the benchmark itself, and what follows from them: on a machine that others use, too, the clock tells
/// how long they were in the way. In one process, so that the columns see what was taken.
/// </summary>
internal sealed class SweepColumns : ManualConfig
{
    private static readonly ConcurrentDictionary<(string Method, int Factors), (double Flops, ConcurrentBag<double> Seconds)> _measured = new();

    public SweepColumns()
    {
        AddJob(Job.Default.WithToolchain(new InProcessEmitToolchain(TimeSpan.FromHours(1), logOutput: true)).WithWarmupCount(1)
            .WithIterationCount(9).WithInvocationCount(1).WithUnrollFactor(1));
        AddColumn(new Column("CPU s", (method, factors) => Seconds(method, factors)),
            new Column("GFLOP/s", (method, factors) => Rate(method, factors), "0.0"),
            new Column("of FMA peak", (method, factors) => Rate(method, factors) / Rate(nameof(HalfStepBenchmarks.FmaPeakOfThisCore), factors)),
            new Column("anchor: C# prototype, s", (method, factors) => Anchor(method, factors, 0.107, 0.242, 0.566)),
            new Column("anchor: implicit 0.7.3, s", (method, factors) => Anchor(method, factors, 0.410, 0.743, 1.604)));
    }

    /// <summary>Runs something once and keeps what it cost.</summary>
    public static void Measure(string method, int factors, double flops, Action run)
    {
        double before = CpuSeconds();
        run();
        _measured.GetOrAdd((method, factors), _ => (flops, [])).Seconds.Add(CpuSeconds() - before);
    }

    private static double CpuSeconds() => Environment.CpuUsage.TotalTime.TotalSeconds;

    private static double Seconds(string method, int factors) =>
        _measured.TryGetValue((method, factors), out var of) ? of.Seconds.Order().ElementAt(of.Seconds.Count / 2) : double.NaN;

    private static double Rate(string method, int factors) =>
        _measured.TryGetValue((method, factors), out var of) && of.Flops > 0 ? of.Flops / Seconds(method, factors) / 1e9 : double.NaN;

    // Seconds a sweep of yelp2018 on one thread of another machine of this kind, as published with the project's goals.
    private static double Anchor(string method, int factors, double of64, double of128, double of256) =>
        method != nameof(HalfStepBenchmarks.Sweep) ? double.NaN : factors switch { 64 => of64, 128 => of128, 256 => of256, _ => double.NaN };

    private sealed class Column(string name, Func<string, int, double> value, string format = "0.000") : IColumn
    {
        public string Id => name;

        public string ColumnName => name;

        public bool AlwaysShow => true;

        public ColumnCategory Category => ColumnCategory.Custom;

        public int PriorityInCategory => 0;

        public bool IsNumeric => true;

        public UnitType UnitType => UnitType.Dimensionless;

        public string Legend => name;

        public bool IsAvailable(Summary summary) => true;

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
        {
            double number = value(benchmarkCase.Descriptor.WorkloadMethod.Name, (int)benchmarkCase.Parameters[nameof(HalfStepBenchmarks.Factors)]);
            return double.IsNaN(number) ? "" : number.ToString(format, CultureInfo.InvariantCulture);
        }

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
    }
}
