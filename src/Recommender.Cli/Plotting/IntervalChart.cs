using System.Text;
using static Recommender.Cli.Plotting.Svg;

namespace Recommender.Cli.Plotting;

/// <param name="Label">On a line of its own, so that it may be long.</param>
/// <param name="Figures">What is drawn, in digits.</param>
internal sealed record IntervalRow(string Label, string Figures, double Value, double Low, double High, string Colour);

/// <summary>Differences with their intervals, one below the other, beside a line at nothing.</summary>
/// <param name="Horizontal">What differs.</param>
internal sealed record IntervalChart(string Horizontal, IReadOnlyList<IntervalRow> Rows)
{
    private const double Side = 28, Top = 8, RowHeight = 46, Bottom = 48;
    private const int MostCharacters = 36;

    public double Height => Top + RowHeight * Rows.Count + Bottom;

    public void Draw(StringBuilder svg, double width)
    {
        double low = Math.Min(0, Rows.Min(row => row.Low)), high = Math.Max(0, Rows.Max(row => row.High)), air = Math.Max(0.001, (high - low) * 0.04);
        var across = new Axis(low - air, high + air, Side, width - 2 * Side);
        double floor = Top + RowHeight * Rows.Count;
        foreach (double tick in across.Ticks)
        {
            Line(svg, across.At(tick), Top, across.At(tick), floor, "grid");
            Text(svg, across.At(tick), floor + 18, across.LabelOf(tick), "middle");
        }
        Line(svg, across.At(0), Top, across.At(0), floor, "axis");
        for (int k = 0; k < Rows.Count; k++)
        {
            IntervalRow row = Rows[k];
            double y = Top + RowHeight * k;
            Text(svg, 4, y + 15, Shortened(row.Label), "start halo");
            Text(svg, width - 4, y + 15, row.Figures, "end halo");
            Line(svg, across.At(row.Low), y + 30, across.At(row.High), y + 30, "span", row.Colour);
            Dot(svg, across.At(row.Value), y + 30, row.Colour);
        }
        Text(svg, width / 2, floor + 38, Horizontal, "middle");
    }

    // Cut between characters as people count them: half of one is none.
    private static string Shortened(string text)
    {
        var characters = new System.Globalization.StringInfo(text);
        return characters.LengthInTextElements <= MostCharacters ? text : characters.SubstringByTextElements(0, MostCharacters - 1) + "\u2026";
    }
}
