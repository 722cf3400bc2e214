using System.Text;
using static Recommender.Cli.Plotting.Svg;

namespace Recommender.Cli.Reporting;

/// <summary>A page that is one file: styles and drawings are in it, and it asks for nothing. Written so that it is well-formed XML, too.</summary>
internal sealed class Page(string title)
{
    // The drawings take their colours from the page, so that one file serves light, dark and paper.
    private const string Style = """
        :root { color-scheme: light dark; --back: #fff; --card: #f6f7f9; --ink: #1c2128; --soft: #59636e; --rule: #d8dee4;
          --good: #1a7f37; --bad: #c2331f;
          --s1: #0b66c3; --s2: #d9660a; --s3: #118a6f; --s4: #9545c4; --s5: #b02a5b; --s6: #7a6a00; --popular: #78838f;
          --chance: #b4bcc5 }
        @media (prefers-color-scheme: dark) { :root { --back: #14181d; --card: #1d232a; --ink: #e4e9ee; --soft: #9aa6b2;
          --rule: #39424c; --good: #4cc26a; --bad: #ff7b67;
          --s1: #58a6ff; --s2: #ff9d4d; --s3: #41cfae; --s4: #c792ea; --s5: #ff7aa8; --s6: #d8c43c; --popular: #8d99a6;
          --chance: #5a6570 } }
        @media print { :root { color-scheme: light; --back: #fff; --card: #fff; --ink: #000; --soft: #444; --rule: #bbb;
          --good: #1a7f37; --bad: #c2331f;
          --s1: #0b66c3; --s2: #d9660a; --s3: #118a6f; --s4: #9545c4; --s5: #b02a5b; --s6: #7a6a00; --popular: #78838f;
          --chance: #b4bcc5 }
          figure, tr, .verdict { break-inside: avoid } h2 { break-after: avoid } }
        * { box-sizing: border-box } html { -webkit-text-size-adjust: 100% }
        body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
        main { max-width: 1080px; margin: 0 auto; padding: 24px 20px 64px } h1 { font-size: 1.5rem; margin: 0 0 12px }
        h2 { font-size: 1.2rem; margin: 44px 0 8px }
        h3 { font-size: 1rem; margin: 24px 0 4px; overflow-wrap: anywhere } p { margin: 6px 0; max-width: 75ch }
        .soft, figcaption, dt { color: var(--soft) } p.soft { max-width: 95ch }
        .verdict { background: var(--card); border-left: 5px solid var(--s1); padding: 14px 18px; font-size: 1.25rem; line-height: 1.4;
          margin: 0 0 12px; max-width: none }
        .warning { border-left: 5px solid var(--bad); background: var(--card); padding: 8px 18px; max-width: none }
        .table { overflow-x: auto; margin: 10px 0 }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; width: 100% }
        th, td { padding: 6px 10px; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; vertical-align: top }
        th { color: var(--soft); font-weight: 600 }
        th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 7.5em }
        tbody th { color: var(--ink) } td small { display: block; color: var(--soft) } .good { color: var(--good); font-weight: 600 }
        .bad { color: var(--bad); font-weight: 600 }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 20px 28px;
          align-items: start } figure { margin: 12px 0 0; min-width: 0 }
        figcaption { font-size: .92rem; margin-bottom: 6px; overflow-wrap: anywhere } figcaption b { color: var(--ink) }
        svg { display: block; width: 100%; height: auto }
        svg text { font: 13px system-ui, sans-serif; fill: var(--soft) } svg .end { text-anchor: end }
        svg .middle { text-anchor: middle } svg .halo { fill: var(--ink); paint-order: stroke; stroke: var(--back); stroke-width: 4px }
        svg .grid { stroke: var(--rule) } svg .axis, svg .mark { stroke: var(--soft) } svg .line { fill: none; stroke-width: 2.2 }
        svg .whisker { stroke-width: 1.4 } svg .tiny { font-size: 11px } svg .span { stroke-width: 3 }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; padding: 0; margin: 8px 0 0; font-size: .9rem }
        .legend li { overflow-wrap: anywhere }
        .legend i { display: inline-block; width: 14px; height: 14px; border-radius: 3px; margin-right: 6px; vertical-align: -2px;
          print-color-adjust: exact; -webkit-print-color-adjust: exact }
        dl { display: grid; grid-template-columns: minmax(9em, max-content) 1fr; gap: 4px 18px; margin: 8px 0 }
        dd { margin: 0; overflow-wrap: anywhere; min-width: 0 }
        details { margin: 8px 0 } summary { cursor: pointer; color: var(--soft) }
        pre { background: var(--card); padding: 12px; overflow-x: auto; font: .82rem/1.45 ui-monospace, monospace;
          white-space: pre-wrap; overflow-wrap: anywhere }
        @media (max-width: 560px) { main { padding: 16px 12px 48px } .verdict { font-size: 1.1rem; padding: 12px 14px }
          th, td { padding: 5px 7px } dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: 8px } }
        """;

    private readonly StringBuilder _body = new();
    private int _drawings;

    public Page Heading(string text) => Raw($"<h2>{Escaped(text)}</h2>");

    public Page Paragraph(string text, string style = "") => Raw(style.Length == 0 ? $"<p>{Escaped(text)}</p>" : $"<p class=\"{style}\">{Escaped(text)}</p>");

    public Page Raw(string html)
    {
        _body.AppendLine(html);
        return this;
    }

    /// <summary>A drawing with what it shows in words, for eyes and for readers that have none.</summary>
    /// <param name="name">A few words.</param>
    /// <param name="saying">What can be seen in it, with its figures.</param>
    public Page Drawing(string name, string saying, double width, double height, Action<StringBuilder> draw)
    {
        int number = ++_drawings;
        _body.AppendLine(
            Invariant($"<figure><figcaption><b>{Escaped(name)}</b></figcaption><svg viewBox=\"0 0 {width:0} {height:0}\" role=\"img\" aria-labelledby=\"d{number} e{number}\"><title id=\"d{number}\">{Escaped(name)}</title><desc id=\"e{number}\">{Escaped(saying)}</desc>"));
        draw(_body);
        _body.AppendLine("</svg></figure>");
        return this;
    }

    public Page Legend(IEnumerable<(string Name, string Colour)> entries) =>
        Raw($"<ul class=\"legend\">{string.Concat(entries.Select(entry => $"<li><i style=\"background:{entry.Colour}\"></i>{Escaped(entry.Name)}</li>"))}</ul>");

    /// <param name="head">Texts.</param>
    /// <param name="rows">Cells as HTML; the first of each row names it.</param>
    public Page Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        _body.AppendLine(
            $"<div class=\"table\" tabindex=\"0\"><table><thead><tr>{string.Concat(head.Select(cell => $"<th scope=\"col\">{Escaped(cell)}</th>"))}</tr></thead><tbody>");
        foreach (var row in rows) _body.AppendLine($"<tr><th scope=\"row\">{row[0]}</th>{string.Concat(row.Skip(1).Select(cell => $"<td>{cell}</td>"))}</tr>");
        return Raw("</tbody></table></div>");
    }

    public Page Folded(string summary, Action<Page> content)
    {
        Raw($"<details><summary>{Escaped(summary)}</summary>");
        content(this);
        return Raw("</details>");
    }

    public Page Facts(IEnumerable<(string Name, string Value)> facts) =>
        Raw($"<dl>{string.Concat(facts.Select(fact => $"<dt>{Escaped(fact.Name)}</dt><dd>{Escaped(fact.Value)}</dd>"))}</dl>");

    public override string ToString() => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/><title>{Escaped(title)}</title>
        <style>
        {Style}
        </style></head>
        <body><main>
        {_body}</main></body>
        </html>

        """;
}
