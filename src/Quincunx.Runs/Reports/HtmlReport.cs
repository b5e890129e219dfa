namespace Quincunx.Runs.Reports;

/// <summary>The page around a report's content: style sheet, title, verdict, sections.</summary>
internal static class HtmlReport
{
    // Colours are those of the figures. The verdict is told by its words and a sign as well, never by colour alone.
    private const string Sheet = """
        :root{color-scheme:light dark}
        body{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#222;background:#fff}
        h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0}h2{font-size:1.25rem;margin:2rem 0 .5rem;border-bottom:1px solid #ddd}
        .subtitle{color:#555;margin-top:0}
        .verdict{border-left:.4rem solid;padding:.6rem 1rem;margin:1rem 0;background:#f6f6f6}
        .verdict h2{border:0;margin:0 0 .3rem;font-size:1.3rem}.verdict ul{margin:.3rem 0;padding-left:1.3rem}
        .trusted{border-color:#009e73}.caution{border-color:#e69f00}.distrust{border-color:#d55e00}
        .passed{color:#555;font-size:.9rem;margin:.3rem 0 0}
        .warning{border-left:.3rem solid #e69f00;padding:.3rem .8rem;background:#fff6e0}
        .warning::before{content:"⚠ "}
        .scroll{overflow-x:auto;margin:.8rem 0}
        table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums}
        caption{text-align:left;max-width:calc(100vw - 2rem);color:#555;padding-bottom:.3rem}
        th,td{padding:.2rem .45rem;text-align:right;white-space:nowrap;border-bottom:1px solid #e4e4e4}
        .left{text-align:left}tbody th{font-weight:400}thead th{border-bottom:2px solid #999}.strong th,.strong td{font-weight:600}
        figure{margin:1.2rem 0;overflow-x:auto}figure>svg{max-width:100%;height:auto;display:block}figcaption{color:#555;font-size:.9rem;margin-top:.3rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem}dt{color:#555}dd{margin:0;overflow-wrap:anywhere}
        pre{background:#f6f6f6;padding:.6rem .8rem;overflow-x:auto;font-size:.85rem}
        @media(max-width:40rem){figure>svg{max-width:none}dl{grid-template-columns:1fr}dd{margin:0 0 .4rem 1rem}}
        @media screen and (prefers-color-scheme:dark){body{color:#e4e4e4;background:#16181b}h2{border-color:#444}.verdict,pre{background:#23262a}
        .subtitle,.passed,caption,figcaption,dt{color:#a8a8a8}.warning{background:#3a3018}th,td{border-color:#3a3a3a}a{color:#56b4e9}}
        @media print{body{max-width:none;padding:0;font-size:10pt}figure,table,.verdict{break-inside:avoid}h2{break-after:avoid}.scroll,figure{overflow:visible}}
        """;

    public static string Render(ReportContent content)
    {
        var html = new HtmlWriter();
        html.Raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>\n");
        html.Element("title", content.Title).Raw("<style>\n").Raw(Sheet.ReplaceLineEndings("\n")).Raw("\n</style>\n</head>\n<body>\n<main>\n");
        html.Element("h1", content.Title);
        if (content.Subtitle.Text?.Length > 0)
        {
            html.Element("p", content.Subtitle, "subtitle");
        }

        RenderVerdict(html, content.Verdict);
        foreach (ReportSection section in content.Sections)
        {
            html.Raw("<section>\n").Element("h2", section.Title);
            foreach (ReportBlock block in section.Blocks)
            {
                block.Render(html);
            }

            html.Raw("</section>\n");
        }

        return html.Raw("</main>\n</body>\n</html>\n").ToString();
    }

    private static void RenderVerdict(HtmlWriter html, ReportVerdict verdict)
    {
        (string style, string words) = verdict.Level switch
        {
            VerdictLevel.Trusted => ("trusted", "✓ Trusted: every check passed"),
            VerdictLevel.Caution => ("caution", "⚠ Caution: read what failed before using the numbers"),
            _ => ("distrust", "✗ Do not trust this result"),
        };
        html.Raw($"<section class=\"verdict {style}\" role=\"status\">\n").Element("h2", words);
        if (verdict.Failed.Count > 0)
        {
            html.Raw("<ul>\n");
            foreach (string failed in verdict.Failed)
            {
                html.Element("li", failed);
            }

            html.Raw("</ul>\n");
        }

        if (verdict.Passed.Count > 0)
        {
            html.Element("p", "Passed: " + string.Join("; ", verdict.Passed) + ".", "passed");
        }

        html.Raw("</section>\n");
    }
}
