using Recommender.LifeCycle;

namespace Recommender.Tests.LifeCycle;

/// <summary>Customers who buy and leave exactly as BG/NBD says and pay as gamma-gamma says.</summary>
internal sealed class PlantedCustomers(BgNbd model, GammaGamma? value, int seed)
{
    private readonly Random _random = new(seed);

    public static readonly DateOnly Opening = new(2015, 1, 5);

    /// <summary>The purchase days of one customer who first bought on a day, up to and including the last day.</summary>
    public (List<DateOnly> Days, List<double> Amounts) Customer(DateOnly first, DateOnly until)
    {
        double rate = Gamma(model.R) / model.Alpha / model.UnitDays;
        double left = Gamma(model.A), stay = Gamma(model.B), leave = left / (left + stay);
        double scale = value is null ? 1 : Gamma(value.Q) / value.Gamma;
        var days = new List<DateOnly> { first };
        var amounts = new List<double> { Amount(scale) };
        for (double day = first.DayNumber; ;)
        {
            day += -Math.Log(1 - _random.NextDouble()) / rate;
            if (!(day < until.DayNumber)) return (days, amounts);
            days.Add(DateOnly.FromDayNumber((int)day));
            amounts.Add(Amount(scale));
            if (_random.NextDouble() < leave) return (days, amounts);
        }
    }

    public List<PurchaseRhythm> Rhythms(int count, int joiningDays, DateOnly until)
    {
        var rhythms = new List<PurchaseRhythm>(count);
        for (int i = 0; i < count; i++)
        {
            var (days, amounts) = Customer(Opening.AddDays(i % joiningDays), until);
            var rhythm = new PurchaseRhythm();
            foreach (var (day, amount) in days.Zip(amounts)) rhythm = rhythm.With(day, amount);
            rhythms.Add(rhythm);
        }
        return rhythms;
    }

    private double Amount(double scale) => value is null ? 1 : Gamma(value.P) / scale;

    // Marsaglia and Tsang 2000; below 1 by the boost of a power.
    private double Gamma(double shape)
    {
        if (shape < 1) return Gamma(shape + 1) * Math.Pow(1 - _random.NextDouble(), 1 / shape);
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
            double v = Math.Pow(1 + c * normal, 3);
            if (v > 0 && Math.Log(1 - _random.NextDouble()) < normal * normal / 2 + d - d * v + d * Math.Log(v)) return d * v;
        }
    }
}
