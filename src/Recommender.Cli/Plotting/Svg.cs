using System.Globalization;
using System.Text;

namespace Recommender.Cli.Plotting;

/// <summary>The few shapes that charts are made of. Numbers are written the same in every culture, texts escaped.</summary>
internal static class Svg
{
    public static void Text(StringBuilder svg, double x, double y, string text, string style) =>
        svg.AppendLine(Invariant($"<text class=\"{style}\" x=\"{x:0.#}\" y=\"{y:0.#}\">{Escaped(text)}</text>"));

    public static void Line(StringBuilder svg, double x1, double y1, double x2, double y2, string style, string? colour = null) =>
        svg.AppendLine(Invariant($"<line class=\"{style}\"{Stroke(colour)} x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\"/>"));

    public static void Bar(StringBuilder svg, double x, double y, double width, double height, string colour) =>
        svg.AppendLine(Invariant($"<rect fill=\"{colour}\" x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{Math.Max(0, height):0.##}\"/>"));

    public static void Dot(StringBuilder svg, double x, double y, string colour) =>
        svg.AppendLine(Invariant($"<circle r=\"4\" fill=\"{colour}\" cx=\"{x:0.##}\" cy=\"{y:0.##}\"/>"));

    /// <summary>An interval as an upright line with a short stroke at each end.</summary>
    public static void Whisker(StringBuilder svg, double x, double low, double high, string colour)
    {
        const double Half = 3.5;
        Line(svg, x, low, x, high, "whisker", colour);
        Line(svg, x - Half, low, x + Half, low, "whisker", colour);
        Line(svg, x - Half, high, x + Half, high, "whisker", colour);
    }

    /// <summary>Text for HTML and XML alike: characters that neither may hold become the mark for one that is lost.</summary>
    public static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\t' or '\n' => escaped.Append((char)rune.Value),
                < ' ' or (>= 0x7F and <= 0x9F) or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }
        return escaped.ToString();
    }

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Stroke(string? colour) => colour is null ? "" : $" stroke=\"{colour}\"";
}
