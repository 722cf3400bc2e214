using Recommender.Evaluation;

namespace Recommender.Tests.Evaluation;

public sealed class BootstrapTests
{
    [Fact]
    public void Nineteen_of_twenty_intervals_hold_the_true_mean_of_recalls_that_are_mostly_zero()
    {
        const int Samples = 1000, Customers = 200;
        // Three in five find nothing, the others anything from 0 to 1.
        const double TrueMean = 0.4 * 0.5;
        var random = new Random(4);
        int holding = Enumerable.Range(0, Samples).Count(sample =>
        {
            double[] recalls = [.. Enumerable.Range(0, Customers).Select(_ => random.NextDouble() < 0.6 ? 0 : random.NextDouble())];
            Interval interval = Bootstrap.Mean(recalls, seed: (ulong)sample, resamples: 400);
            return interval.Low <= TrueMean && TrueMean <= interval.High;
        });
        // Twice the standard error of the count on either side is .014; the percentile method itself is a little short.
        Assert.InRange(holding / (double)Samples, 0.93, 0.966);
    }

    [Fact]
    public void A_small_gain_that_everybody_has_is_seen_in_pairs_and_not_beside_one_another()
    {
        var random = new Random(5);
        double[] before = [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble())];
        double[] after = [.. before.Select(value => value + 0.01 + 0.005 * (random.NextDouble() - 0.5))];
        Interval difference = Bootstrap.Difference(after, before), alone = Bootstrap.Mean(after);
        Assert.InRange(difference.Mean, 0.009, 0.011);
        Assert.True(difference.Low > 0.009 && difference.High < 0.011);
        Assert.True(alone.High - alone.Low > 0.05);
    }

    [Fact]
    public void A_difference_that_is_not_there_is_rarely_seen()
    {
        var random = new Random(6);
        int seen = Enumerable.Range(0, 300).Count(sample =>
        {
            double[] a = Draw(), b = Draw();
            Interval difference = Bootstrap.Difference(a, b, (ulong)sample, resamples: 300);
            return difference.Low > 0 || difference.High < 0;
        });
        Assert.InRange(seen, 3, 30);

        double[] Draw() => [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
    }

    [Fact]
    public void Many_figures_at_once_have_the_intervals_each_would_have_alone_at_any_number_of_threads()
    {
        var random = new Random(7);
        double[][] figures = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 57).Select(_ => random.NextDouble()).ToArray())];
        ResampledMeans one = Bootstrap.Of(figures, seed: 9, resamples: 200, threads: 1, CancellationToken.None);
        ResampledMeans three = Bootstrap.Of(figures, seed: 9, resamples: 200, threads: 3, CancellationToken.None);
        for (int figure = 0; figure < 3; figure++)
        {
            Assert.Equal(one.Mean(figure), three.Mean(figure));
            Assert.Equal(one.Mean(figure), Bootstrap.Mean(figures[figure], seed: 9, resamples: 200));
            Assert.Equal(figures[figure].Average(), one.Mean(figure).Mean, 1e-12);
        }
        Assert.NotEqual(one.Mean(0), Bootstrap.Mean(figures[0], seed: 10, resamples: 200));
    }

    [Fact]
    public void The_same_figures_twice_differ_by_nothing_and_neither_is_better()
    {
        double[] figures = [0.1, 0.7, 0.3, 0.3];
        ResampledMeans means = Bootstrap.Of([figures, [.. figures], [0.2, 0.8, 0.4, 0.4]], seed: 1, resamples: 100, threads: 1, CancellationToken.None);
        Assert.Equal(new Interval(0, 0, 0), means.Difference(0, 1));
        Assert.Equal((0.5, 1, 0), (means.ShareAbove(0, 1), means.ShareAbove(2, 0), means.ShareAbove(0, 2)));
    }

    [Fact]
    public void Nobody_and_unlike_customers_are_refused()
    {
        Assert.Contains("nobody", Assert.Throws<ArgumentException>(() => Bootstrap.Mean([])).Message, StringComparison.Ordinal);
        Assert.Contains("same ones", Assert.Throws<ArgumentException>(() => Bootstrap.Difference([1], [1, 2])).Message, StringComparison.Ordinal);
        Assert.Equal(new Interval(0.3, 0.3, 0.3), Bootstrap.Mean([0.3]));
    }
}
