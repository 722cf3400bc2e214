using System.Text;
using static Recommender.Cli.Plotting.Svg;

namespace Recommender.Cli.Plotting;

/// <summary>One line of a chart.</summary>
internal sealed record Series(string Name, string Colour, IReadOnlyList<(double X, double Y)> Points, bool Dots = false)
{
    /// <summary>An interval around each point; empty where there are none.</summary>
    public IReadOnlyList<(double Low, double High)> Spread { get; init; } = [];
}

/// <summary>A chart of lines as a part of an SVG image.</summary>
/// <param name="Title">Empty for none.</param>
/// <param name="Ticks">Where the horizontal axis is labelled, and how.</param>
internal sealed record Chart(string Title, string Horizontal, IReadOnlyList<(double At, string Label)> Ticks, IReadOnlyList<Series> Series)
{
    private const double Left = 70, Right = 20, Bottom = 52;

    /// <summary>A place on the horizontal axis that is marked, with what it is.</summary>
    public (double At, string Label)? Mark { get; init; }

    /// <summary>Whether the lines' names stand above them; a page may have them beside.</summary>
    public bool Legend { get; init; } = true;

    private double Top => (Title.Length > 0 ? 36 : 12) + (Legend ? 26 : 0);

    public void Draw(StringBuilder svg, double x, double y, double width, double height)
    {
        var points = Series.SelectMany(series => series.Points).ToList();
        double from = points.Min(point => point.X), to = points.Max(point => point.X);
        double highest = Series.SelectMany(series => series.Spread).Select(spread => spread.High).Concat(points.Select(point => point.Y)).Max();
        var across = new Axis(from, to, x + Left, width - Left - Right);
        double floor = y + height - Bottom, right = x + width - Right;
        var up = new Axis(0, 1.05 * Math.Max(highest, 1e-9), floor, -(height - Top - Bottom));
        if (Title.Length > 0) Text(svg, x + Left, y + 22, Title, "title");
        foreach (double tick in up.Ticks)
        {
            Line(svg, x + Left, up.At(tick), right, up.At(tick), "grid");
            Text(svg, x + Left - 8, up.At(tick) + 4, up.LabelOf(tick), "end");
        }
        foreach (var (at, label) in Ticks) Text(svg, across.At(at), floor + 18, label, "middle");
        Text(svg, x + Left + (width - Left - Right) / 2, floor + 38, Horizontal, "middle");
        if (Mark is { } mark)
        {
            Line(svg, across.At(mark.At), y + Top, across.At(mark.At), floor, "mark");
            Text(svg, across.At(mark.At) - 6, y + Top + 12, mark.Label, "end");
        }
        foreach (Series series in Series) Draw(svg, series, across, up);
        if (Legend) Names(svg, x + Left, y + 44);
    }

    private static void Draw(StringBuilder svg, Series series, Axis across, Axis up)
    {
        string path = string.Join(' ', series.Points.Select(point => Invariant($"{across.At(point.X):0.##},{up.At(point.Y):0.##}")));
        svg.AppendLine($"<polyline class=\"line\" stroke=\"{series.Colour}\" points=\"{path}\"/>");
        for (int k = 0; k < series.Spread.Count; k++)
            Whisker(svg, across.At(series.Points[k].X), up.At(series.Spread[k].Low), up.At(series.Spread[k].High), series.Colour);
        if (!series.Dots) return;
        foreach (var (atX, atY) in series.Points) Dot(svg, across.At(atX), up.At(atY), series.Colour);
    }

    private void Names(StringBuilder svg, double left, double y)
    {
        foreach (Series series in Series)
        {
            Line(svg, left, y - 4, left + 18, y - 4, "line", series.Colour);
            Text(svg, left + 24, y, series.Name, "start");
            left += 48 + 8 * series.Name.Length;
        }
    }
}
