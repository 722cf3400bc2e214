using Grpc.Core;
using Recommender.Cli.Load;

namespace Recommender.Tests.Load;

public sealed class PercentilesTests
{
    [Theory]
    [InlineData(50, 500)]
    [InlineData(95, 950)]
    [InlineData(99, 990)]
    [InlineData(99.9, 999)]
    [InlineData(99.95, 1000)]
    [InlineData(100, 1000)]
    [InlineData(0, 1)]
    public void A_percentile_is_the_value_that_so_many_do_not_exceed(double percent, long expected)
    {
        long[] values = [.. Enumerable.Range(1, 1_000).Select(n => (long)n)];
        new Random(5).Shuffle(values);
        Assert.Equal(expected, new Percentiles(values).At(percent).Ticks);
    }

    [Fact]
    public void One_slow_answer_of_a_hundred_is_the_greatest_and_not_the_99th_percentile()
    {
        var latency = new Percentiles([.. Enumerable.Repeat(10L, 99), 5_000]);
        Assert.Equal(10, latency.At(99).Ticks);
        Assert.Equal(5_000, latency.At(99.9).Ticks);
        Assert.Equal(5_000, latency.Max.Ticks);
    }

    [Fact]
    public void Without_answers_there_is_nothing_to_tell() => Assert.Equal(TimeSpan.Zero, new Percentiles([]).At(99));

    [Fact]
    public void Requests_without_an_answer_are_counted_by_why_and_have_no_latency()
    {
        var samples = new Samples(ArrivalSchedule.Even(2, TimeSpan.FromSeconds(3)));
        samples.Answered(0, StatusCode.OK, TimeSpan.FromMilliseconds(3));
        samples.Answered(1, StatusCode.Unavailable, TimeSpan.FromMilliseconds(900));
        samples.Answered(2, StatusCode.OK, TimeSpan.FromMilliseconds(5));
        samples.HeldBack(3);
        samples.Answered(4, StatusCode.Unavailable, TimeSpan.Zero);

        Assert.False(samples.Done.IsCompleted);
        Assert.Equal(TimeSpan.FromMilliseconds(5), samples.Latency().Max);
        Assert.Equal(2, samples.Errors["Unavailable"]);
        Assert.Equal(1, samples.Errors["not sent, too many waiting"]);
        Assert.Equal(1, samples.Errors["unanswered"]);
        Assert.Equal([(1, 1), (1, 1), (0, 2)], samples.Seconds().Select(second => (second.Answered, second.Failed)));
        samples.Answered(5, StatusCode.OK, TimeSpan.FromMilliseconds(1));
        Assert.True(samples.Done.IsCompleted);
    }
}
