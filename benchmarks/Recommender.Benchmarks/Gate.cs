using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Recommender.Benchmarks;

/// <summary>
/// What must hold on any machine, however busy: the scan allocates nothing and is several times faster than what stands beside it in the
/// same run. The bounds are far below what an idle machine shows; milliseconds are nobody's promise.
/// </summary>
internal static class Gate
{
    private const string Catalogue = "25k";
    private const int Factors = 128;

    // How many times faster than what.
    private static readonly (string Benchmark, double AtLeast, string Than)[] _promises =
    [
        (nameof(TopNBenchmarks.Ours), 3, nameof(TopNBenchmarks.TensorPrimitivesDot)),
        (nameof(TopNBenchmarks.OursWithPriorAndNeighbours), 1.5, nameof(TopNBenchmarks.TensorPrimitivesDot)),
        (nameof(TopNBenchmarks.OursOfHalf), 0.4, nameof(TopNBenchmarks.Ours)),
        (nameof(TopNBenchmarks.OursOfFivePercent), 0.4, nameof(TopNBenchmarks.Ours)),
        (nameof(TopNBenchmarks.OursOfOneInThousand), 1, nameof(TopNBenchmarks.Ours)),
        (nameof(TopNBenchmarks.OursTogether), 0.4, nameof(TopNBenchmarks.Ours)),
    ];

    /// <returns>The exit code: 0 where every promise holds.</returns>
    public static int Run()
    {
        string[] wanted = [nameof(TopNBenchmarks.TensorPrimitivesDot), .. _promises.Select(promise => promise.Benchmark)];
        IConfig config = ManualConfig.CreateEmpty().AddLogger(NullLogger.Instance).AddFilter(new SimpleFilter(one =>
            wanted.Contains(one.Descriptor.WorkloadMethod.Name)
                && one.Parameters[nameof(TopNBenchmarks.Catalogue)] is Catalogue && one.Parameters[nameof(TopNBenchmarks.Factors)] is Factors));
        Summary summary = BenchmarkRunner.Run<TopNBenchmarks>(config);
        int broken = 0;
        foreach ((string benchmark, double atLeast, string than) in _promises)
        {
            double? ratio = MedianOf(summary, than) / MedianOf(summary, benchmark);
            long? bytes = ReportOf(summary, benchmark)?.GcStats.GetBytesAllocatedPerOperation(ReportOf(summary, benchmark)!.BenchmarkCase);
            bool holds = ratio >= atLeast && bytes == 0;
            if (!holds) broken++;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(holds ? "holds " : "BROKEN")} {benchmark}: {ratio:0.00} times as fast as {than} (at least {atLeast}), {bytes} B a call (at most 0)"));
        }
        return broken == 0 ? 0 : 1;
    }

    private static BenchmarkReport? ReportOf(Summary summary, string benchmark) =>
        summary.Reports.FirstOrDefault(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == benchmark);

    private static double? MedianOf(Summary summary, string benchmark) => ReportOf(summary, benchmark)?.ResultStatistics?.Median;
}
