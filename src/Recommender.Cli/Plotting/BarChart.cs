using System.Text;
using static Recommender.Cli.Plotting.Svg;

namespace Recommender.Cli.Plotting;

/// <summary>One bar of each group.</summary>
/// <param name="Values">One a group; the interval is drawn where it has a length.</param>
internal sealed record BarSeries(string Name, string Colour, IReadOnlyList<(double Value, double Low, double High)> Values);

/// <summary>Groups of bars, with intervals on top, as a part of an SVG image. The names of the series stand beside it.</summary>
/// <param name="Horizontal">What the groups are.</param>
/// <param name="Groups">Their names; long ones are written on several lines.</param>
internal sealed record BarChart(string Horizontal, IReadOnlyList<string> Groups, IReadOnlyList<BarSeries> Series)
{
    // The colour of the page's text.
    private const string Ink = "var(--ink)";
    private const double Left = 58, Right = 8, Top = 12, LineHeight = 15, CharacterWidth = 7.2, MostBarWidth = 34;

    public void Draw(StringBuilder svg, double width, double height)
    {
        double wide = (width - Left - Right) / Groups.Count, floor = height - 34;
        string style = Groups.SelectMany(group => group.Split(' ')).Max(word => word.Length) * CharacterWidth < wide ? "middle" : "middle tiny";
        List<string>[] names = [.. Groups.Select(group => Wrapped(group, (int)(wide / CharacterWidth)))];
        floor -= LineHeight * names.Max(lines => lines.Count);
        var up = new Axis(0,
            1.05 * Math.Max(1e-9, Series.SelectMany(series => series.Values).Max(value => Math.Max(value.Value, value.High))), floor,
            Top - floor);
        foreach (double tick in up.Ticks)
        {
            Line(svg, Left, up.At(tick), width - Right, up.At(tick), "grid");
            Text(svg, Left - 7, up.At(tick) + 4, up.LabelOf(tick), "end");
        }
        double bar = Math.Min(MostBarWidth, wide * 0.84 / Series.Count);
        for (int group = 0; group < Groups.Count; group++)
        {
            double middle = Left + wide * (group + 0.5), left = middle - bar * Series.Count / 2;
            for (int line = 0; line < names[group].Count; line++) Text(svg, middle, floor + 17 + line * LineHeight, names[group][line], style);
            for (int k = 0; k < Series.Count; k++)
            {
                var (value, low, high) = Series[k].Values[group];
                Bar(svg, left + k * bar + 1, up.At(value), bar - 2, floor - up.At(value), Series[k].Colour);
                if (high > low) Whisker(svg, left + (k + 0.5) * bar, up.At(Math.Max(0, low)), up.At(high), Ink);
            }
        }
        Line(svg, Left, floor, width - Right, floor, "axis");
        Text(svg, Left + (width - Left - Right) / 2, height - 6, Horizontal, "middle");
    }

    private static List<string> Wrapped(string text, int width)
    {
        var lines = new List<string>();
        foreach (string word in text.Split(' '))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= width) lines[^1] += $" {word}";
            else lines.Add(word);
        }
        return lines;
    }
}
