using Recommender.Cli.Load;
using Recommender.Cli.Terminal;

namespace Recommender.Tests.Load;

public sealed class PacerTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly SteppedClock _clock = new();

    [Fact]
    public void No_request_is_sent_before_it_is_due()
    {
        var schedule = ArrivalSchedule.Poisson(1_000, _second, seed: 7);
        // Woken too early, and sometimes too late.
        int rests = 0;
        var pacer = new Pacer(_clock, length => _clock.Pass(++rests % 5 == 0 ? 2 * length : length / 2 + TimeSpan.FromTicks(1)));
        var sent = new List<TimeSpan>();
        var late = pacer.Run(schedule, (n, _) => sent.Add(_clock.GetElapsedTime(0)), CancellationToken.None);

        Assert.Equal(schedule.Count, sent.Count);
        for (int n = 0; n < schedule.Count; n++)
        {
            Assert.True(sent[n] >= schedule[n], $"request {n} was due at {schedule[n]} and sent at {sent[n]}");
            Assert.Equal(sent[n] - schedule[n], late[n]);
        }
    }

    [Fact]
    public void More_requests_than_can_be_remembered_are_refused_with_the_greatest_number()
    {
        var problem = Assert.Throws<InputException>(() => ArrivalSchedule.Even(1_000_000, TimeSpan.FromHours(1)));
        Assert.Contains("at most 50,000,000", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generator_that_was_held_up_sends_everything_that_is_overdue_and_owns_up_to_it()
    {
        var schedule = ArrivalSchedule.Even(100, _second);
        var due = new List<long>();
        var late = new Pacer(_clock, _clock.Pass).Run(schedule, (n, at) =>
        {
            due.Add(at);
            if (n == 10) _clock.Pass(TimeSpan.FromMilliseconds(305));
        }, CancellationToken.None);

        // Latency counts from when each was due, not from when it got out.
        Assert.Equal(Enumerable.Range(0, 100).Select(n => n * TimeSpan.TicksPerMillisecond * 10), due);
        Assert.Equal(TimeSpan.Zero, late[10]);
        Assert.Equal(TimeSpan.FromMilliseconds(295), late[11]);
        Assert.Equal(TimeSpan.FromMilliseconds(5), late[40]);
        Assert.Equal(TimeSpan.Zero, late[41]);
    }

    [Fact]
    public void A_measurement_that_is_stopped_sends_no_more()
    {
        using var stop = new CancellationTokenSource();
        int sent = 0;
        Assert.Throws<OperationCanceledException>(() => new Pacer(_clock, _clock.Pass).Run(ArrivalSchedule.Even(100, _second), (_, _) =>
        {
            if (++sent == 3) stop.Cancel();
        }, stop.Token));
        Assert.Equal(3, sent);
    }

    [Fact]
    public void Arrivals_at_equal_distances_fill_the_time_at_the_rate()
    {
        var schedule = ArrivalSchedule.Even(250, TimeSpan.FromSeconds(4));
        Assert.Equal(1_000, schedule.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(4), schedule[1]);
        Assert.Equal(TimeSpan.FromMilliseconds(3_996), schedule[999]);
    }

    [Fact]
    public void Independent_arrivals_come_at_the_rate_and_vary_as_those_of_a_Poisson_process()
    {
        var schedule = ArrivalSchedule.Poisson(500, TimeSpan.FromSeconds(40), seed: 3);
        double[] gaps = [.. Enumerable.Range(1, schedule.Count - 1).Select(n => (schedule[n] - schedule[n - 1]).TotalSeconds)];
        double mean = gaps.Average(), deviation = Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean)));
        Assert.All(gaps, gap => Assert.True(gap >= 0));
        // Exponential gaps: their deviation is their mean. 20,000 of them tell it to some percent.
        Assert.InRange(mean * 500, 0.96, 1.04);
        Assert.InRange(deviation / mean, 0.95, 1.05);
    }
}
