using Recommender.LifeCycle;

namespace Recommender.Tests.LifeCycle;

public sealed class BgNbdTests
{
    private static readonly BgNbd _music = BgNbd.Prior;

    /// <summary>The worked example of the model's authors: two repeat purchases, the last after 30.43 of 38.86 weeks.</summary>
    [Fact]
    public void The_published_customer_is_expected_to_buy_1_226_times_in_39_weeks()
    {
        var rhythm = Rhythms.With(repeats: 2, recencyDays: 213);
        Assert.Equal(1.226, _music.ExpectedPurchases(rhythm, Rhythms.Day(272), days: 273), 0.0005);
        Assert.Equal(0.7266, _music.AliveProbability(rhythm, Rhythms.Day(272)), 0.0001);
    }

    [Fact]
    public void Who_has_not_bought_again_has_not_had_the_occasion_to_leave()
    {
        foreach (int silent in (int[])[0, 1, 100, 10_000]) Assert.Equal(1, _music.AliveProbability(Rhythms.On(0), Rhythms.Day(silent)));
    }

    [Fact]
    public void The_longer_the_silence_the_less_is_expected()
    {
        var rhythm = Rhythms.On(0, 10, 25, 31);
        double alive = 1, expected = double.PositiveInfinity;
        for (int day = 31; day < 2_000; day += 7)
        {
            double aliveNow = _music.AliveProbability(rhythm, Rhythms.Day(day)), expectedNow = _music.ExpectedPurchases(rhythm, Rhythms.Day(day), 90);
            Assert.True(aliveNow < alive && aliveNow > 0, $"P(alive) went from {alive} to {aliveNow} on day {day}");
            Assert.True(expectedNow < expected && expectedNow > 0, $"the expectation went from {expected} to {expectedNow} on day {day}");
            (alive, expected) = (aliveNow, expectedNow);
        }
    }

    [Fact]
    public void Silence_that_is_normal_for_one_customer_is_the_end_of_another()
    {
        var weekly = Rhythms.On(Enumerable.Range(0, 20).Select(week => 7 * week));
        var quarterly = Rhythms.On(Enumerable.Range(0, 20).Select(quarter => 91 * quarter));
        Assert.True(_music.AliveProbability(weekly, weekly.Last.AddDays(91)) < 0.05);
        Assert.True(_music.AliveProbability(quarterly, quarterly.Last.AddDays(91)) > 0.9);
    }

    [Theory]
    [InlineData(0.8)]
    [InlineData(0.5)]
    [InlineData(0.05)]
    public void The_silence_until_a_probability_is_where_P_alive_passes_it(double probability)
    {
        var rhythm = Rhythms.On(0, 40, 55, 97, 140, 151);
        double silence = _music.SilenceUntil(rhythm, probability);
        Assert.True(_music.AliveProbability(rhythm, rhythm.Last.AddDays((int)Math.Floor(silence))) >= probability);
        Assert.True(_music.AliveProbability(rhythm, rhythm.Last.AddDays((int)Math.Ceiling(silence))) <= probability);
    }

    [Fact]
    public void The_unit_changes_alpha_and_no_prediction()
    {
        var daily = new BgNbd(_music.R, 7 * _music.Alpha, _music.A, _music.B, TimeUnit.Day);
        var rhythm = Rhythms.On(0, 40, 55);
        Assert.Equal(_music.AliveProbability(rhythm, Rhythms.Day(80)), daily.AliveProbability(rhythm, Rhythms.Day(80)), 1e-13);
        Assert.Equal(_music.ExpectedPurchases(rhythm, Rhythms.Day(80), 30), daily.ExpectedPurchases(rhythm, Rhythms.Day(80), 30), 1e-13);
        Assert.Equal(_music.SilenceUntil(rhythm, 0.3), daily.SilenceUntil(rhythm, 0.3), 1e-10);
    }

    [Fact]
    public void Expectations_over_the_population_agree_with_the_cohort()
    {
        // What a newcomer is expected to buy in 60 + 30 days is what is expected in the first 60 and, over all who may come of it, in the next 30.
        var planted = new PlantedCustomers(_music, null, seed: 3);
        var rhythms = planted.Rhythms(40_000, joiningDays: 1, PlantedCustomers.Opening.AddDays(300));
        double after = rhythms.Average(rhythm => _music.ExpectedPurchases(rhythm, PlantedCustomers.Opening.AddDays(300), 100));
        Assert.Equal(_music.ExpectedRepeats(400) - _music.ExpectedRepeats(300), after, 0.01);
    }

    [Fact]
    public void The_likelihood_is_the_papers_formula_and_its_gradient_is_its_slope()
    {
        double[] at = [0.3, 0.9, 0.6, 1.7];
        PurchaseRhythm[] rhythms = [Rhythms.On(0), Rhythms.On(0), Rhythms.On(0, 9), Rhythms.On(5, 20, 21, 60), Rhythms.On(0, 30, 44, 45, 46, 80)];
        DateOnly until = Rhythms.Day(100);
        PurchaseGroups groups = PurchaseGroups.Of(rhythms, until);
        double scale = groups.MeanAge;
        double direct = rhythms.Sum(rhythm => Math.Log(Likelihood(rhythm.Repeats, rhythm.RecencyDays / scale, rhythm.AgeDays(until) / scale, at)));
        Assert.Equal(direct, groups.LogLikelihood(at[0], at[1], at[2], at[3], []), 1e-10);

        var model = new BgNbd(at[0], at[1], at[2], at[3], TimeUnit.Day);
        Assert.Equal(Math.Log(Likelihood(3, 55, 95, at)), model.LogLikelihood(rhythms[3], until), 1e-10);

        double[] gradient = new double[4];
        groups.LogLikelihood(at[0], at[1], at[2], at[3], gradient);
        for (int i = 0; i < 4; i++)
        {
            const double step = 1e-6;
            double up = Moved(step), down = Moved(-step);
            Assert.Equal((up - down) / (2 * step), gradient[i], 1e-6);

            double Moved(double by)
            {
                double[] moved = [.. at];
                moved[i] += by;
                return groups.LogLikelihood(moved[0], moved[1], moved[2], moved[3], []);
            }
        }
    }

    [Fact]
    public void A_summary_is_small()
    {
        Assert.Equal(24, System.Runtime.CompilerServices.Unsafe.SizeOf<PurchaseRhythm>());
    }

    [Fact]
    public void A_day_counts_once_and_a_purchase_of_the_past_is_refused()
    {
        var rhythm = Rhythms.On(0, 0, 0, 12, 12);
        Assert.Equal((1, 12, 50.0), (rhythm.Repeats, rhythm.RecencyDays, rhythm.Spend));
        var error = Assert.Throws<ArgumentException>(() => rhythm.With(Rhythms.Day(11), 10));
        Assert.Contains("2025-01-12", error.Message);
        Assert.Throws<ArgumentException>(() => rhythm.With(Rhythms.Day(13), -1));
        Assert.Throws<ArgumentException>(() => rhythm.With(Rhythms.Day(13), double.NaN));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_model_of_impossible_parameters_cannot_be_made(double wrong)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BgNbd(wrong, 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BgNbd(1, wrong, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BgNbd(1, 1, wrong, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BgNbd(1, 1, 1, wrong));
    }

    // Equation 6 of Fader, Hardie and Lee 2005, with ratios of gamma functions as products.
    private static double Likelihood(int x, double recency, double age, double[] at)
    {
        var (r, alpha, a, b) = (at[0], at[1], at[2], at[3]);
        double rates = 1, stays = 1;
        for (int i = 0; i < x; i++) rates *= r + i;
        for (int i = 0; i < x; i++) stays *= (b + i) / (a + b + i);
        double alive = stays * rates * Math.Pow(alpha, r) / Math.Pow(alpha + age, r + x);
        if (x == 0) return alive;
        double leaves = a / (a + b + x - 1);
        for (int i = 0; i < x - 1; i++) leaves *= (b + i) / (a + b + i);
        return alive + leaves * rates * Math.Pow(alpha, r) / Math.Pow(alpha + recency, r + x);
    }
}
