using System.Globalization;
using System.Net;
using System.Text;

namespace Recommender.Cli.Plotting;

/// <summary>One line of a chart.</summary>
internal sealed record Series(string Name, string Colour, IReadOnlyList<(double X, double Y)> Points, bool Dots = false);

/// <summary>A chart of lines as a part of an SVG image.</summary>
/// <param name="Ticks">Where the horizontal axis is labelled, and how.</param>
internal sealed record Chart(string Title, string Horizontal, IReadOnlyList<(double At, string Label)> Ticks, IReadOnlyList<Series> Series)
{
    private const double Left = 70, Right = 20, Top = 62, Bottom = 52;

    /// <summary>A place on the horizontal axis that is marked, with what it is.</summary>
    public (double At, string Label)? Mark { get; init; }

    public void Draw(StringBuilder svg, double x, double y, double width, double height)
    {
        var points = Series.SelectMany(series => series.Points).ToList();
        double from = points.Min(point => point.X), to = points.Max(point => point.X);
        var across = new Axis(from, to, x + Left, width - Left - Right);
        double floor = y + height - Bottom, right = x + width - Right;
        var up = new Axis(0, 1.05 * Math.Max(points.Max(point => point.Y), 1e-9), floor, -(height - Top - Bottom));
        Text(svg, x + Left, y + 22, Title, "title");
        foreach (double tick in up.Ticks)
        {
            svg.AppendLine(Invariant($"<line class=\"grid\" x1=\"{x + Left:0.#}\" x2=\"{right:0.#}\" y1=\"{up.At(tick):0.#}\" y2=\"{up.At(tick):0.#}\"/>"));
            Text(svg, x + Left - 8, up.At(tick) + 4, Axis.Label(tick), "end");
        }
        foreach (var (at, label) in Ticks) Text(svg, across.At(at), floor + 18, label, "middle");
        Text(svg, x + Left + (width - Left - Right) / 2, floor + 38, Horizontal, "middle");
        if (Mark is { } mark)
        {
            svg.AppendLine(Invariant($"<line class=\"mark\" x1=\"{across.At(mark.At):0.#}\" x2=\"{across.At(mark.At):0.#}\" y1=\"{y + Top:0.#}\" y2=\"{floor:0.#}\"/>"));
            Text(svg, across.At(mark.At) - 6, y + Top + 12, mark.Label, "end");
        }
        foreach (Series series in Series) Line(svg, series, across, up);
        Legend(svg, x + Left, y + 44);
    }

    private static void Line(StringBuilder svg, Series series, Axis across, Axis up)
    {
        string path = string.Join(' ', series.Points.Select(point => Invariant($"{across.At(point.X):0.##},{up.At(point.Y):0.##}")));
        svg.AppendLine($"<polyline class=\"line\" stroke=\"{series.Colour}\" points=\"{path}\"/>");
        if (!series.Dots) return;
        foreach (var (atX, atY) in series.Points)
            svg.AppendLine(Invariant($"<circle r=\"4\" fill=\"{series.Colour}\" cx=\"{across.At(atX):0.##}\" cy=\"{up.At(atY):0.##}\"/>"));
    }

    private void Legend(StringBuilder svg, double left, double y)
    {
        foreach (Series series in Series)
        {
            svg.AppendLine(Invariant($"<line stroke=\"{series.Colour}\" stroke-width=\"3\" x1=\"{left:0.#}\" x2=\"{left + 18:0.#}\" y1=\"{y - 4:0.#}\" y2=\"{y - 4:0.#}\"/>"));
            Text(svg, left + 24, y, series.Name, "start");
            left += 48 + 8 * series.Name.Length;
        }
    }

    private static void Text(StringBuilder svg, double x, double y, string text, string style) =>
        svg.AppendLine(Invariant($"<text class=\"{style}\" x=\"{x:0.#}\" y=\"{y:0.#}\">{WebUtility.HtmlEncode(text)}</text>"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
