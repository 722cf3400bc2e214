using System.Collections.Immutable;
using Recommender.Cli.Terminal;

namespace Recommender.Cli.Load;

/// <summary>Measures a server from the first call to the last step.</summary>
internal sealed class LoadRun(LoadOptions options, TimeProvider time, IProgress<Step> progress)
{
    private const int Lanes = 8;
    private const double SlowestRamp = 25, FastestRamp = 200_000;

    // Each try is short: it asks only whether a queue grows.
    private static readonly TimeSpan _try = TimeSpan.FromSeconds(1.5);
    private static readonly ImmutableArray<int> _percents = [10, 25, 50, 75, 90];

    private int _steps;

    public async Task<LoadResult> RunAsync(CancellationToken cancellation)
    {
        using var target = new LoadTarget(options);
        progress.Report(new Step("connecting", 0));
        var customers = await target.CustomersAsync(cancellation);
        string answered = await target.FirstAnswerAsync(customers[0], cancellation);
        var recommend = LoadCall.Recommend(customers.Select(target.Request));
        var process = target.Process();
        var load = new OpenLoad(target.Connections, target.Headers, process, time);

        progress.Report(new Step("warming up", 0.02));
        await load.WarmUpAsync(LoadCall.Empty, options.WarmUp / 2, Lanes, cancellation);
        await load.WarmUpAsync(recommend, options.WarmUp / 2, Lanes, cancellation);

        var swaps = options.SwapEvery is { } every ? new ModelSwaps(new(target.Aside), target.Headers, every, time) : null;
        if (swaps is not null) await swaps.PrepareAsync(cancellation);
        var beside = options.Beside is { } kind ? new Beside(kind, target.Aside.CreateCallInvoker(), target.Headers, options, time) : null;
        if (beside is not null) await beside.PrepareAsync(progress, cancellation);
        double? saturation = options.Rates.IsEmpty ? await SaturationAsync(load, recommend, cancellation) : null;
        ImmutableArray<double> rates = saturation is { } most ? [.. _percents.Select(percent => Math.Max(1, Math.Round(most * percent / 100)))] : options.Rates;
        var steps = new List<LoadStep>();
        foreach (double rate in rates)
        {
            progress.Report(new Step($"{rate:N0} a second", 0.3 + 0.7 * steps.Count / rates.Length));
            var empty = await MeasureAsync(load, LoadCall.Empty, rate, options.Step, cancellation);
            var step = new LoadStep(empty, await MeasureAsync(load, recommend, rate, swaps, cancellation));
            steps.Add(beside is null ? step : await MeasureBesideAsync(step, load, recommend, beside, cancellation));
        }
        return new LoadResult
        {
            Options = options,
            At = time.GetUtcNow(),
            Answered = answered,
            Customers = customers.Length,
            Saturation = saturation,
            Steps = [.. steps],
            ServerPid = process?.Pid,
        };
    }

    /// <exception cref="InputException">The server keeps up with nothing.</exception>
    private async Task<double> SaturationAsync(OpenLoad load, LoadCall recommend, CancellationToken cancellation)
    {
        double found = await Saturation.FindAsync(SlowestRamp, FastestRamp, async rate =>
        {
            progress.Report(new Step($"looking for saturation: {rate:N0} a second", Math.Min(0.29, 0.05 + 0.02 * _steps)));
            return Saturation.IsKept(await MeasureAsync(load, recommend, rate, _try, cancellation));
        });
        return found > 0 ? found : throw new InputException(
            $"the server does not keep up with {SlowestRamp:0} requests a second (99 % within {Saturation.Bound.TotalMilliseconds:0} ms); give --rates to measure it anyway");
    }

    private async Task<MeasuredStep> MeasureAsync(OpenLoad load, LoadCall call, double rate, ModelSwaps? swaps, CancellationToken cancellation)
    {
        if (swaps is null) return await MeasureAsync(load, call, rate, options.Step, cancellation);
        var (measured, swapped) = await swaps.DuringAsync(() => MeasureAsync(load, call, rate, options.Step, cancellation), cancellation);
        return measured with { Swaps = [.. swapped.Where(swap => swap.Begin < options.Step)] };
    }

    private async Task<LoadStep> MeasureBesideAsync(
        LoadStep step, OpenLoad load, LoadCall call, Beside beside, CancellationToken cancellation)
    {
        var (measured, work) = await beside.DuringAsync(
            () => MeasureAsync(load, call, step.Rate, options.Step, cancellation), cancellation);
        // The server's processor time is that of both.
        measured = measured with { Call = $"{measured.Call} beside a {work.Kind}", ServerMicroseconds = null };
        return step with { Beside = measured, Work = work };
    }

    private Task<MeasuredStep> MeasureAsync(OpenLoad load, LoadCall call, double rate, TimeSpan length, CancellationToken cancellation) =>
        load.RunAsync(call, options.Poisson ? ArrivalSchedule.Poisson(rate, length, options.Seed + _steps++) : Even(rate, length), cancellation);

    private ArrivalSchedule Even(double rate, TimeSpan length)
    {
        _steps++;
        return ArrivalSchedule.Even(rate, length);
    }
}
