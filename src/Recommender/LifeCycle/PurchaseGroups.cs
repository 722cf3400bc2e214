using static Recommender.LifeCycle.SpecialFunctions;

namespace Recommender.LifeCycle;

/// <summary>
/// Customers with the same repeat purchases, recency and age, counted once: the likelihood asks for nothing else. Times are parts of the
/// mean age, so that all parameters are near 1 and any shop is fitted alike.
/// </summary>
internal sealed class PurchaseGroups
{
    private readonly record struct Key(int Repeats, int Recency, int Age) : IComparable<Key>
    {
        public int CompareTo(Key other) => (Repeats, Recency, Age).CompareTo((other.Repeats, other.Recency, other.Age));
    }

    // Sorted by repeats: gamma functions of x are asked once a stretch.
    private readonly (int Repeats, double Recency, double Age, int Count)[] _groups;

    private PurchaseGroups((int, double, double, int)[] groups) => _groups = groups;

    public int Customers { get; private init; }

    public int RepeatBuyers { get; private init; }

    /// <summary>Repeat purchases of all customers.</summary>
    public long Repeats { get; private init; }

    /// <summary>Mean time since the first purchase, in days; times are divided by it.</summary>
    public double MeanAge { get; private init; }

    public static PurchaseGroups Of(IReadOnlyCollection<PurchaseRhythm> rhythms, DateOnly until)
    {
        var counts = new Dictionary<Key, int>();
        long ages = 0, repeats = 0;
        int customers = 0, repeatBuyers = 0;
        foreach (PurchaseRhythm rhythm in rhythms)
        {
            if (rhythm.Purchases == 0) continue;
            if (rhythm.Last > until) throw new ArgumentException($"A purchase on {rhythm.Last:O} is after {until:O}, up to which purchases are given.", nameof(rhythms));
            var key = new Key(rhythm.Repeats, rhythm.RecencyDays, rhythm.AgeDays(until));
            counts[key] = counts.GetValueOrDefault(key) + 1;
            (customers, ages, repeats) = (customers + 1, ages + key.Age, repeats + key.Repeats);
            if (key.Repeats > 0) repeatBuyers++;
        }
        double meanAge = customers == 0 ? 0 : ages / (double)customers;
        double scale = Math.Max(meanAge, double.Epsilon);
        return new PurchaseGroups([.. counts.OrderBy(pair => pair.Key).Select(pair => (pair.Key.Repeats, pair.Key.Recency / scale, pair.Key.Age / scale, pair.Value))])
        {
            Customers = customers,
            RepeatBuyers = repeatBuyers,
            Repeats = repeats,
            MeanAge = meanAge,
        };
    }

    /// <summary>
    /// The log-likelihood (the paper's equation 6, as a sum of logarithms) and, where asked for, its derivatives by r, alpha, a and b.
    /// </summary>
    public double LogLikelihood(double r, double alpha, double a, double b, Span<double> gradient)
    {
        bool derive = !gradient.IsEmpty;
        gradient.Clear();
        double total = 0;
        for (int start = 0; start < _groups.Length;)
        {
            int x = _groups[start].Repeats;
            double counted = CountTerm(x, r, alpha, a, b);
            double gone = x > 0 ? Math.Log(a / (b + x - 1)) : double.NegativeInfinity;
            double customers = 0, ageLogs = 0, goneSum = 0, ageInverses = 0;
            for (; start < _groups.Length && _groups[start].Repeats == x; start++)
            {
                var (_, recency, age, count) = _groups[start];
                double logAge = Math.Log(alpha + age), logRecency = x > 0 ? Math.Log(alpha + recency) : 0;
                double logOdds = gone + (r + x) * (logAge - logRecency);
                // log(1 + odds) without overflow, and the chance of having gone.
                double logSum = x == 0 ? 0 : logOdds > 0 ? logOdds + LogP1(Math.Exp(-logOdds)) : LogP1(Math.Exp(logOdds));
                total += count * (counted - (r + x) * logAge + logSum);
                if (!derive) continue;
                double chance = x == 0 ? 0 : 1 / (1 + Math.Exp(-logOdds));
                customers += count;
                goneSum += count * chance;
                ageLogs += count * (logAge - chance * (logAge - logRecency));
                ageInverses += count * ((1 - chance) / (alpha + age) + (x > 0 ? chance / (alpha + recency) : 0));
            }
            if (!derive) continue;
            gradient[0] += customers * (Digamma(r + x) - Digamma(r) + Math.Log(alpha)) - ageLogs;
            gradient[1] += customers * r / alpha - (r + x) * ageInverses;
            gradient[2] += customers * (Digamma(a + b) - Digamma(a + b + x)) + goneSum / a;
            gradient[3] += customers * (Digamma(a + b) - Digamma(b) + Digamma(b + x) - Digamma(a + b + x)) - (x > 0 ? goneSum / (b + x - 1) : 0);
        }
        return total;
    }

    // The terms of a customer's likelihood that depend on nothing but the number of repeat purchases.
    private static double CountTerm(int x, double r, double alpha, double a, double b) =>
        LogGamma(r + x) - LogGamma(r) + r * Math.Log(alpha) + LogGamma(a + b) - LogGamma(a + b + x) + LogGamma(b + x) - LogGamma(b);
}
