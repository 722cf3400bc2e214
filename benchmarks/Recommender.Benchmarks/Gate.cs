using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Recommender.Benchmarks;

/// <summary>
/// What must hold on any machine, however busy: scans, fold-ins and whole rankings with their reasons allocate nothing, and they are
/// several times faster than what stands beside them in the same run. The bounds are far below what an idle machine shows; milliseconds
/// are nobody's promise.
/// </summary>
internal static class Gate
{
    // What runs in this process counts what others of it allocate meanwhile; an object of two words on every call would be more.
    private const long Noise = 23;

    private static readonly (string Name, object Value)[] _of =
        [("Catalogue", "25k"), ("Catalogue", PersonalisedBenchmarks.Source.Generated), ("Factors", 128), ("HistoryLength", 20)];

    private static readonly Promise[] _promises =
    [
        Of<TopNBenchmarks>(nameof(TopNBenchmarks.Ours), 3, nameof(TopNBenchmarks.TensorPrimitivesDot)),
        Of<TopNBenchmarks>(nameof(TopNBenchmarks.OursWithPriorAndNeighbours), 1.5, nameof(TopNBenchmarks.TensorPrimitivesDot)),
        Of<TopNBenchmarks>(nameof(TopNBenchmarks.OursOfHalf), 0.4, nameof(TopNBenchmarks.Ours)),
        Of<TopNBenchmarks>(nameof(TopNBenchmarks.OursOfFivePercent), 0.4, nameof(TopNBenchmarks.Ours)),
        Of<TopNBenchmarks>(nameof(TopNBenchmarks.OursOfOneInThousand), 1, nameof(TopNBenchmarks.Ours)),
        Of<TopNBenchmarks>(nameof(TopNBenchmarks.OursTogether), 0.4, nameof(TopNBenchmarks.Ours)),
        Of<FoldInBenchmarks>(nameof(FoldInBenchmarks.Solve), 2, nameof(FoldInBenchmarks.WholeSystemByCholesky)),
        Of<PersonalisedBenchmarks>(nameof(PersonalisedBenchmarks.RankingWithReasons), 0.3, nameof(PersonalisedBenchmarks.Ranking)),
    ];

    /// <returns>The exit code: 0 where every promise holds.</returns>
    public static int Run()
    {
        int broken = 0;
        foreach (IGrouping<Type, Promise> promises in _promises.GroupBy(promise => promise.Class))
        {
            string[] wanted = [.. promises.SelectMany(promise => (string[])[promise.Benchmark, promise.Than]).Distinct()];
            IConfig config = ManualConfig.CreateEmpty().AddLogger(NullLogger.Instance)
                .AddFilter(new SimpleFilter(one => wanted.Contains(one.Descriptor.WorkloadMethod.Name) && IsOf(one)));
            Summary summary = BenchmarkRunner.Run(promises.Key, config);
            foreach (Promise promise in promises) broken += Holds(promise, summary) ? 0 : 1;
        }
        return broken == 0 ? 0 : 1;
    }

    private static Promise Of<TBenchmarks>(string benchmark, double atLeast, string than) => new(typeof(TBenchmarks), benchmark, atLeast, than);

    private static bool IsOf(BenchmarkCase one) => one.Parameters.Items.All(parameter => _of.Contains((parameter.Name, parameter.Value)));

    private static bool Holds(Promise promise, Summary summary)
    {
        BenchmarkReport? report = ReportOf(summary, promise.Benchmark);
        double? ratio = MedianOf(summary, promise.Than) / MedianOf(summary, promise.Benchmark);
        long? bytes = report?.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
        bool isAlone = !promise.Class.IsDefined(typeof(InProcessAttribute), inherit: false);
        bool holds = ratio >= promise.AtLeast && bytes <= (isAlone ? 0 : Noise);
        if (report is null) Console.WriteLine(string.Join('\n', summary.ValidationErrors.Select(error => error.Message)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(holds ? "holds " : "BROKEN")} {promise.Class.Name}.{promise.Benchmark}: {ratio:0.00} times as fast as {promise.Than} (at least {promise.AtLeast}), {bytes} B a call"));
        return holds;
    }

    private static BenchmarkReport? ReportOf(Summary summary, string benchmark) =>
        summary.Reports.FirstOrDefault(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == benchmark);

    private static double? MedianOf(Summary summary, string benchmark) => ReportOf(summary, benchmark)?.ResultStatistics?.Median;

    /// <summary>How many times as fast as what.</summary>
    private sealed record Promise(Type Class, string Benchmark, double AtLeast, string Than);
}
