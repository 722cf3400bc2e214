using System.Globalization;
using Recommender.Cli.Load;
using Recommender.Cli.Terminal;
using Spectre.Console;

namespace Recommender.Cli.Commands;

/// <summary>What was measured, as a table and in the sentences that one wants to know first.</summary>
internal static class LoadTable
{
    public static void Show(Screen screen, LoadResult result)
    {
        screen.Note($"each answer: {result.Answered}; {result.Customers:N0} customers in turn");
        var table = new Table().Border(TableBorder.Rounded).AddColumns("due/s", "call", "answered/s", "p50 ms", "p95", "p99", "p99.9", "max", "failed", "server us/call", "sent late p99 us", "own cores");
        for (int column = 0; column < table.Columns.Count; column++)
        {
            if (column != 1) table.Columns[column].RightAligned();
        }
        foreach (var step in result.Steps)
        {
            foreach (var measured in step.Measured) Row(table, measured);
        }
        screen.Out.Write(table);
        foreach (string sentence in Sentences(result)) screen.Line(sentence);
    }

    public static IEnumerable<string> Sentences(LoadResult result)
    {
        var head = result.Headline;
        if (result.Saturation is { } most)
        {
            yield return Invariant($"saturation: {most:N0} requests a second, with this generator on the same cores if it is on the same machine ")
                + Invariant($"({Saturation.Followed:P0} answered in time, 99 % within {Saturation.Bound.TotalMilliseconds:0} ms)");
        }
        if (head.TailRatio is { } tail)
            yield return Invariant($"at {head.Rate:N0} a second: p99 is {tail:0.0} x p50 ({Ms(head.Recommend.Latency.At(99))} and {Ms(head.Recommend.Latency.At(50))} ms)");
        if (head.CpuRatio is { } ratio)
            yield return Invariant($"the server's CPU at that rate: {head.Recommend.ServerMicroseconds:0} us a recommendation, {head.Empty.ServerMicroseconds:0} us an empty call: {ratio:0.0} x");
        else if (head.Recommend.ServerMicroseconds is null && head.Recommend.Latency.Count > 0)
            yield return "the server's CPU time cannot be told: it is on another machine, another user's, or not on Linux; --pid names its process";
        if (head.Empty.Latency.Count > 0 && head.Recommend.Lateness.At(99) > head.Empty.Latency.At(50))
            yield return Invariant($"mind: 1 % of the requests left {Ms(head.Recommend.Lateness.At(99))} ms late or later; something else keeps this machine busy, and latencies are its, too");
        foreach (var step in result.Steps.Where(step => step.Recommend.Seconds.Length > 2))
        {
            var (worst, usual) = (step.Recommend.WorstSecond!, step.Recommend.UsualSecond);
            if (usual > TimeSpan.Zero)
                yield return Invariant($"second by second at {step.Rate:N0}: p99 is {Ms(usual)} ms in the usual second, {Ms(worst.P99)} in the worst (second {worst.Second + 1}): {worst.P99 / usual:0.0} x");
        }
        foreach (var step in result.Steps.Where(step => step.Recommend.WorstSwap is not null))
        {
            var (worst, usual) = (step.Recommend.WorstSwap!, step.Recommend.UsualSecond);
            if (usual > TimeSpan.Zero)
                yield return Invariant($"{step.Recommend.Swaps.Length} swaps of the model at {step.Rate:N0}: p99 in the seconds of one and the one after is at worst {Ms(worst.P99)} ms, {worst.P99 / usual:0.0} x the usual second's; {step.Recommend.Failed:N0} calls failed");
        }
        foreach (var step in result.Steps.Where(step => step.Work is not null))
        {
            var (usual, beside, work) = (step.Recommend.Latency, step.Beside!.Latency, step.Work!);
            yield return Invariant($"a {work.Kind} beside {step.Rate:N0} a second: p50 {Ms(usual.At(50))} -> {Ms(beside.At(50))}, ")
                + Invariant($"p99 {Ms(usual.At(99))} -> {Ms(beside.At(99))} ms; alone it takes {work.Alone.TotalSeconds:0.0} s, ")
                + (work.Slowdown is { } slower
                    ? Invariant($"beside them {slower:0.0} x that ({work.Done} whole in {work.Took.TotalSeconds:0.0} s)")
                    : "and none was done beside them in time: give more --seconds to see how long it takes there");
        }
        foreach (var step in result.Steps.SelectMany(step => step.Measured).Where(step => step.Failed > 0))
            yield return Invariant($"{step.Call} at {step.Rate:N0}: {string.Join(", ", step.Errors.Select(error => $"{error.Value:N0} {error.Key}"))}");
    }

    public static string Ms(TimeSpan time) => time.TotalMilliseconds.ToString(time.TotalMilliseconds < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    private static void Row(Table table, MeasuredStep step) => table.AddRow(Invariant($"{step.Rate:N0}"), step.Call, Invariant($"{step.Achieved:N0}"), Ms(step.Latency.At(50)),
        Ms(step.Latency.At(95)), Ms(step.Latency.At(99)), Ms(step.Latency.At(99.9)), Ms(step.Latency.Max), Invariant($"{step.Failed:N0}"),
        step.ServerMicroseconds is { } cpu ? Invariant($"{cpu:0}") : "", Invariant($"{step.Lateness.At(99).TotalMicroseconds:0}"), Invariant($"{step.OwnCores:0.00}"));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
