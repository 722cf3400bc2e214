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

    public static string Label(double tick) => tick.ToString(Math.Abs(tick) >= 1 || tick == 0 ? "#,0.##" : "0.###", CultureInfo.InvariantCulture);
}
