using Recommender.LifeCycle;

namespace Recommender.Tests.LifeCycle;

public sealed class FitTests
{
    private static readonly DateOnly _until = PlantedCustomers.Opening.AddDays(8 * 365);

    [Theory]
    [InlineData(0.7, 60, 0.8, 2.4)]
    [InlineData(0.25, 40, 1.0, 3.0)]
    [InlineData(2.0, 90, 0.4, 1.2)]
    public void Planted_parameters_are_found_again(double r, double alpha, double a, double b)
    {
        var planted = new BgNbd(r, alpha, a, b);
        var rhythms = new PlantedCustomers(planted, null, seed: 5).Rhythms(25_000, joiningDays: 700, _until);
        BgNbdFit fit = BgNbdFit.Of(rhythms, _until, TimeUnit.Week, CancellationToken.None);
        Near(r, fit.Model.R, 0.1);
        Near(alpha, fit.Model.Alpha, 0.1);
        Near(a, fit.Model.A, 0.15);
        Near(b, fit.Model.B, 0.15);
        Near(a / (a + b), fit.Model.A / (fit.Model.A + fit.Model.B), 0.05);
        double atPlanted = rhythms.Sum(rhythm => planted.LogLikelihood(rhythm, _until));
        Assert.Equal(fit.LogLikelihood, rhythms.Sum(rhythm => fit.Model.LogLikelihood(rhythm, _until)), 1e-6 * Math.Abs(atPlanted));
        Assert.InRange(fit.LogLikelihood - atPlanted, 0, 12);
        Assert.False(fit.AtBound);
    }

    [Fact]
    public void No_parameter_can_be_changed_to_make_the_purchases_likelier()
    {
        var rhythms = new PlantedCustomers(BgNbd.Prior, null, seed: 8).Rhythms(3_000, joiningDays: 80, PlantedCustomers.Opening.AddDays(270));
        BgNbdFit fit = BgNbdFit.Of(rhythms, PlantedCustomers.Opening.AddDays(270), TimeUnit.Week, CancellationToken.None);
        double[] best = [fit.Model.R, fit.Model.Alpha, fit.Model.A, fit.Model.B];
        for (int i = 0; i < 4; i++)
        {
            foreach (double factor in (double[])[0.98, 1.02])
            {
                double[] at = [.. best];
                at[i] *= factor;
                var moved = new BgNbd(at[0], at[1], at[2], at[3]);
                Assert.True(rhythms.Sum(rhythm => moved.LogLikelihood(rhythm, PlantedCustomers.Opening.AddDays(270))) < fit.LogLikelihood);
            }
        }
    }

    [Fact]
    public void The_order_of_the_customers_does_not_matter()
    {
        var rhythms = new PlantedCustomers(BgNbd.Prior, new GammaGamma(6, 4, 15), seed: 8).Rhythms(2_000, joiningDays: 80, PlantedCustomers.Opening.AddDays(270));
        var shuffled = rhythms.ToArray();
        new Random(1).Shuffle(shuffled);
        Assert.Equal(PurchaseModel.Of(rhythms, PlantedCustomers.Opening.AddDays(270), TimeUnit.Week, CancellationToken.None),
            PurchaseModel.Of(shuffled, PlantedCustomers.Opening.AddDays(270), TimeUnit.Week, CancellationToken.None));
    }

    [Fact]
    public void The_unit_rescales_alpha_and_nothing_else()
    {
        DateOnly until = PlantedCustomers.Opening.AddDays(270);
        var rhythms = new PlantedCustomers(BgNbd.Prior, null, seed: 8).Rhythms(2_000, joiningDays: 80, until);
        BgNbdFit week = BgNbdFit.Of(rhythms, until, TimeUnit.Week, CancellationToken.None), day = BgNbdFit.Of(rhythms, until, TimeUnit.Day, CancellationToken.None);
        Assert.Equal((week.Model.R, week.Model.A, week.Model.B), (day.Model.R, day.Model.A, day.Model.B));
        Near(7 * week.Model.Alpha, day.Model.Alpha, 1e-12);
        Assert.Equal(week.LogLikelihood - day.LogLikelihood, rhythms.Sum(rhythm => rhythm.Repeats) * Math.Log(7), 1e-6);
    }

    [Fact]
    public void Planted_spending_is_found_again()
    {
        var value = new GammaGamma(6.25, 3.74, 15.44);
        var rhythms = new PlantedCustomers(new BgNbd(1.5, 20, 0.3, 2), value, seed: 4).Rhythms(20_000, joiningDays: 300, PlantedCustomers.Opening.AddDays(900));
        GammaGammaFit fit = GammaGammaFit.Of(rhythms, CancellationToken.None);
        Near(value.P, fit.Model.P, 0.1);
        Near(value.Q, fit.Model.Q, 0.1);
        Near(value.PopulationMean, fit.Model.PopulationMean, 0.03);
        Assert.False(fit.AtBound);
    }

    [Fact]
    public void A_customers_expected_value_moves_from_everybodys_mean_to_their_own()
    {
        var value = new GammaGamma(6.25, 3.74, 15.44);
        Assert.Equal(value.PopulationMean, value.ExpectedValue(new PurchaseRhythm()), 1e-12);
        double before = value.PopulationMean;
        var rhythm = new PurchaseRhythm();
        for (int day = 0; day < 200; day++)
        {
            rhythm = rhythm.With(Rhythms.Day(day), 100);
            Assert.InRange(value.ExpectedValue(rhythm), before, 100);
            before = value.ExpectedValue(rhythm);
        }
        Assert.Equal(100, before, 0.3);
    }

    [Fact]
    public void The_likelihood_of_amounts_is_the_papers_formula_and_its_gradient_is_its_slope()
    {
        (int, double)[] customers = [(1, 0.3), (1, 1.7), (2, 0.9), (5, 1.2)];
        double[] at = [2.5, 1.9, 0.8], gradient = new double[3];
        double found = GammaGammaFit.Likelihood(customers, at[0], at[1], at[2], gradient);
        Assert.Equal(customers.Sum(customer => Integrated(customer.Item1, customer.Item2, at)), found, 1e-6);
        for (int i = 0; i < 3; i++)
        {
            const double step = 1e-6;
            double[] up = [.. at], down = [.. at];
            (up[i], down[i]) = (at[i] + step, at[i] - step);
            Assert.Equal((GammaGammaFit.Likelihood(customers, up[0], up[1], up[2], []) - GammaGammaFit.Likelihood(customers, down[0], down[1], down[2], [])) / (2 * step),
                gradient[i], 1e-6);
        }
    }

    [Fact]
    public void A_shop_with_too_little_trade_is_told_why_and_given_the_prior()
    {
        var singles = Enumerable.Repeat(Rhythms.On(0), 1_000).ToArray();
        Assert.Contains("0 of 1000 customers have bought on a second day", Refused(singles));
        Assert.Contains("1 customers have bought, at least 20", Refused([Rhythms.On(0, 5, 9)]));
        Assert.Contains("0 customers", Refused([]));
        Assert.Contains("0 customers", Refused([.. Enumerable.Repeat(new PurchaseRhythm(), 50)]));

        var model = PurchaseModel.Of(singles, Rhythms.Day(100), TimeUnit.Week, CancellationToken.None);
        Assert.True(model.IsPrior);
        Assert.Equal(BgNbd.Prior, model.Rhythm);
        Assert.Contains("second day", model.Note);
        Assert.Null(model.ExpectedSpend(singles[0], Rhythms.Day(100), 30));

        static string Refused(PurchaseRhythm[] rhythms) => Assert.Throws<UnfittableException>(() =>
            BgNbdFit.Of(rhythms, Rhythms.Day(100), TimeUnit.Week, CancellationToken.None)).Message;
    }

    public static TheoryData<string, PurchaseRhythm[]> Degenerate => new()
    {
        { "everybody identical", [.. Enumerable.Repeat(Rhythms.On(0, 20, 50, 90), 500)] },
        { "everybody daily, nobody leaves", [.. Enumerable.Repeat(Rhythms.On(Enumerable.Range(0, 101)), 100)] },
        { "everybody leaves after the second", [.. Enumerable.Repeat(Rhythms.On(0, 1), 500)] },
        { "huge counts", [.. Enumerable.Range(0, 60).Select(i => Rhythms.On(Enumerable.Range(i - 20_000, 20_000)))] },
        { "everybody began yesterday", [.. Enumerable.Repeat(Rhythms.On(99, 100), 30), .. Enumerable.Repeat(Rhythms.On(99), 30)] },
        { "one giant among singles", [.. Enumerable.Repeat(Rhythms.On(3), 400), .. Enumerable.Repeat(Rhythms.On(1, 2), 5), Rhythms.On(Enumerable.Range(0, 100))] },
    };

    [Theory]
    [MemberData(nameof(Degenerate))]
    public void Strange_shops_give_finite_models_and_predictions(string shop, PurchaseRhythm[] rhythms)
    {
        var model = PurchaseModel.Of(rhythms, Rhythms.Day(100), TimeUnit.Week, CancellationToken.None);
        Assert.False(model.IsPrior, shop);
        foreach (PurchaseRhythm rhythm in rhythms.Distinct().Append(Rhythms.On(0)).Append(Rhythms.On(0, 50, 99)))
        {
            Assert.InRange(model.Rhythm.AliveProbability(rhythm, Rhythms.Day(400)), 0, 1);
            Assert.InRange(model.Rhythm.ExpectedPurchases(rhythm, Rhythms.Day(100), 90), 0, 91);
            if (model.Value is not null) Assert.InRange(model.Value.ExpectedValue(rhythm), 9.5, 10.5);
        }
    }

    [Fact]
    public void Purchases_after_the_day_are_a_mistake()
    {
        var error = Assert.Throws<ArgumentException>(() => BgNbdFit.Of([.. Enumerable.Repeat(Rhythms.On(0, 101), 50)], Rhythms.Day(100), TimeUnit.Week, CancellationToken.None));
        Assert.Contains("2025-04-12", error.Message);
    }

    [Fact]
    public void A_stopped_fit_stops()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        var rhythms = new PlantedCustomers(BgNbd.Prior, null, seed: 8).Rhythms(500, joiningDays: 80, PlantedCustomers.Opening.AddDays(270));
        Assert.Throws<OperationCanceledException>(() => BgNbdFit.Of(rhythms, PlantedCustomers.Opening.AddDays(270), TimeUnit.Week, stopped.Token));
    }

    // The density of a mean of x gamma(p, nu) amounts over nu ~ gamma(q, gamma), by the trapezoidal rule over log nu.
    private static double Integrated(int x, double mean, double[] at)
    {
        var (p, q, gamma) = (at[0], at[1], at[2]);
        double sum = 0;
        for (double log = -12; log < 8; log += 0.002)
        {
            double nu = Math.Exp(log);
            double ofMean = p * x * Math.Log(nu * x) + (p * x - 1) * Math.Log(mean) - nu * x * mean - SpecialFunctions.LogGamma(p * x);
            double ofNu = q * Math.Log(gamma) + (q - 1) * log - gamma * nu - SpecialFunctions.LogGamma(q);
            sum += Math.Exp(ofMean + ofNu + log) * 0.002;
        }
        return Math.Log(sum);
    }

    private static void Near(double expected, double actual, double relative) =>
        Assert.True(Math.Abs(actual / expected - 1) <= relative, $"expected {expected}, found {actual}");
}
