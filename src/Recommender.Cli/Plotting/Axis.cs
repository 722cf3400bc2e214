using System.Globalization;

namespace Recommender.Cli.Plotting;

/// <summary>From values to pixels, with ticks at round numbers.</summary>
internal sealed class Axis
{
    private const int MostTicks = 6;

    private readonly double _from, _span, _start, _length;

    /// <param name="start">Pixel of <paramref name="from"/>.</param>
    /// <param name="length">Pixels to <paramref name="to"/>; negative where the axis points up.</param>
    public Axis(double from, double to, double start, double length)
    {
        (_from, _span, _start, _length) = (from, to > from ? to - from : 1, start, length);
        double rough = _span / MostTicks, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        Step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }

    /// <summary>Between two ticks.</summary>
    public double Step { get; }

    public IEnumerable<double> Ticks
    {
        get
        {
            for (double tick = Math.Ceiling(_from / Step) * Step; tick <= _from + _span * 1.0001; tick += Step) yield return tick;
        }
    }

    public double At(double value) => _start + (value - _from) / _span * _length;

    /// <summary>With as many digits as tell two ticks apart.</summary>
    public string LabelOf(double tick)
    {
        int digits = Math.Max(0, (int)Math.Ceiling(-Math.Log10(Step) - 1e-9));
        // Not "-0".
        return (Math.Abs(tick) < Step / 2 ? 0 : tick).ToString($"#,0.{new string('0', digits)}", CultureInfo.InvariantCulture);
    }

    public static string Label(double tick) => tick.ToString(Math.Abs(tick) >= 1 || tick == 0 ? "#,0.##" : "0.###", CultureInfo.InvariantCulture);
}
