using Recommender.LifeCycle;

namespace Recommender.Tests.LifeCycle;

public sealed class PurchaseIntegralTests
{
    /// <summary>
    /// The paper's expression with the hypergeometric function in 40 digits: a = 1, c = 0 and c below 0 among them, and numbers at which
    /// a power or a series overflows.
    /// </summary>
    [Theory]
    [InlineData(0.243, 4.414, 0.793, 2.426, 39, 1.1967231933208168)]
    [InlineData(2.243, 43.274, 0.793, 4.426, 39, 1.687399305805313)]
    [InlineData(0.243, 43.274, 1.0, 2.426, 39, 0.19107701257390502)]
    [InlineData(0.5, 10, 0.3, 0.4, 1000, 11.115366582736871)]
    [InlineData(30.5, 60, 0.05, 33, 26, 13.096594363644624)]
    [InlineData(1005, 1200, 900, 90000, 52, 35.371607775347302)]
    [InlineData(3, 20, 1.0000001, 4, 8, 1.04207039033954)]
    [InlineData(500.2, 10, 0.5, 2, 5, 39.119455968799443)]
    [InlineData(0.7, 5, 2.5, 0.1, 300, 1.0012971791809751)]
    [InlineData(12, 30, 0.001, 0.002, 52, 14.164981715374579)]
    [InlineData(100_000, 300_000, 0.4, 100_000, 52, 17.332732489439889)]
    public void Expected_purchases_have_ten_digits(double s, double age, double a, double b, double t, double exact)
    {
        Assert.Equal(1, PurchaseIntegral.Of(s, age, a, b, t) / exact, 1e-10);
        Assert.Equal(1, PurchaseIntegral.Quadrature(s, age, a, b, t) / exact, 1e-10);
    }

    [Fact]
    public void Both_ways_agree_wherever_both_are_used()
    {
        var random = new Random(11);
        for (int i = 0; i < 3_000; i++)
        {
            double x = Math.Floor(Math.Pow(10, 3 * random.NextDouble()) - 1);
            double s = Math.Pow(10, 4 * random.NextDouble() - 2) + x, age = Math.Pow(10, 4 * random.NextDouble() - 1);
            double a = Math.Pow(10, 3.4 * random.NextDouble() - 3), b = Math.Pow(10, 6 * random.NextDouble() - 3) + x, t = Math.Pow(10, 4 * random.NextDouble() - 2);
            double fast = PurchaseIntegral.Of(s, age, a, b, t), exact = PurchaseIntegral.Quadrature(s, age, a, b, t);
            Assert.True(Math.Abs(fast - exact) <= 1e-8 * exact, $"s={s} age={age} a={a} b={b} t={t}: {fast} and {exact}");
        }
    }

    [Fact]
    public void No_customer_is_expected_to_buy_a_negative_or_unknown_number_of_times()
    {
        double[] sizes = [1e-4, 1e-2, 1, 30, 1e3, 1e6];
        var models = from r in sizes from alpha in sizes from a in sizes from b in sizes select (r, alpha, a, b);
        foreach (var (r, alpha, a, b) in models)
        {
            foreach (var (x, t) in from x in (int[])[0, 1, 40, 100_000] from t in (double[])[0, 1e-6, 1, 1e4] select (x, t))
            {
                double expected = PurchaseIntegral.Of(r + x, alpha + 50, a, b + x, t);
                double ifNobodyLeft = (r + x) / (alpha + 50) * t;
                Assert.True(expected >= 0 && expected <= ifNobodyLeft * (1 + 1e-9), $"r={r} alpha={alpha} a={a} b={b} x={x} t={t}: {expected}");
            }
        }
    }

    [Theory]
    [InlineData(0.001, 6.9071788853838534)]
    [InlineData(0.5, 0.57236494292470008)]
    [InlineData(1, 0)]
    [InlineData(3.7, 1.4280723266653881)]
    [InlineData(11.99, 17.477885575426185)]
    [InlineData(1e6, 12815504.569147611)]
    public void The_logarithm_of_the_gamma_function_has_thirteen_digits(double x, double exact)
    {
        Assert.Equal(exact, SpecialFunctions.LogGamma(x), 1e-13 * Math.Max(1, exact));
        Assert.Equal(Math.Log(x), SpecialFunctions.LogGamma(x + 1) - SpecialFunctions.LogGamma(x), 1e-8);
        Assert.Equal(1 / x, SpecialFunctions.Digamma(x + 1) - SpecialFunctions.Digamma(x), 1e-10 / Math.Min(x, 1));
    }

    [Fact]
    public void Small_numbers_keep_their_digits()
    {
        Assert.Equal(1, SpecialFunctions.LogP1(1e-14) / 1e-14, 1e-13);
        Assert.Equal(1, SpecialFunctions.ExpM1(-1e-14) / -1e-14, 1e-13);
        Assert.Equal(-1, SpecialFunctions.ExpM1(-800));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.ExpM1(800));
    }
}
