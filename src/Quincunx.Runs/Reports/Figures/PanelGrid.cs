namespace Quincunx.Runs.Reports.Figures;

/// <summary>Lays panels of one size out in rows and columns, legend above them and notes below, so that neither covers data.</summary>
internal sealed class PanelGrid(string title, string description, double plotWidth, double plotHeight)
{
    private const double TickLength = 4, Edge = 6, LineHeight = 15;

    private readonly SortedDictionary<(int Row, int Column), Panel> _panels = [];
    private readonly List<LegendEntry> _legend = [];
    private readonly List<string> _notes = [];

    /// <summary>Row by row.</summary>
    public IReadOnlyCollection<Panel> Panels => _panels.Values;

    public void Add(int row, int column, Panel panel) => _panels.Add((row, column), panel);

    public void Legend(params IEnumerable<LegendEntry> entries) => _legend.AddRange(entries);

    /// <summary>A sentence under the figure. Empty ones are ignored.</summary>
    public void Note(string sentence)
    {
        if (sentence.Length > 0)
        {
            _notes.Add(sentence);
        }
    }

    public string Render()
    {
        int rows = _panels.Count == 0 ? 0 : _panels.Keys.Max(k => k.Row) + 1;
        int columns = _panels.Count == 0 ? 0 : _panels.Keys.Max(k => k.Column) + 1;
        TickSet[] across = [.. _panels.Values.Select(p => p.X.TicksAcross(plotWidth))];
        TickSet[] along = [.. _panels.Values.Select(p => p.Y.TicksAlong(plotHeight))];
        (int Row, int Column)[] keys = [.. _panels.Keys];
        Panel[] panels = [.. _panels.Values];

        double[] left = new double[columns], top = new double[rows], bottom = new double[rows];
        Array.Fill(left, 8);
        Array.Fill(top, 5);
        Array.Fill(bottom, 5);
        for (int i = 0; i < panels.Length; i++)
        {
            (int row, int column) = keys[i];
            left[column] = Math.Max(left[column], LeftOf(panels[i], along[i]) + (column > 0 && panels[i].ShowsYTicks ? 8 : 0));
            bottom[row] = Math.Max(bottom[row], BottomOf(panels[i], across[i]));
            top[row] = Math.Max(top[row], panels[i].Heading.Length > 0 ? 20 : 5);
        }

        // The last x label may stand out over the frame by half its width.
        double right = Edge + panels.Select((p, i) => (p, i)).Where(e => keys[e.i].Column == columns - 1 && e.p.ShowsXTicks)
            .Select(e => across[e.i].Labels.Count == 0 ? 0 : TextMetrics.Width(across[e.i].Labels[^1]) / 2).DefaultIfEmpty(0).Max();
        double width = Math.Max(Edge + left.Sum() + (columns * plotWidth) + right, 220);
        IReadOnlyList<(LegendEntry Entry, double X, int Line)> legend = PlaceLegend(width);
        double legendHeight = legend.Count == 0 ? 0 : ((legend[^1].Line + 1) * (LineHeight + 1)) + 6;
        string[] notes = [.. AllNotes().SelectMany(n => TextMetrics.Wrap(n, width - (2 * Edge)))];
        double panelsBottom = Edge + legendHeight + top.Sum() + bottom.Sum() + (rows * plotHeight);
        double height = panelsBottom + (notes.Length * LineHeight) + Edge;

        SvgBuilder svg = new SvgBuilder().Open(width, height, title, description);
        DrawLegend(svg, legend, width);
        for (int i = 0; i < panels.Length; i++)
        {
            (int row, int column) = keys[i];
            double px = Edge + left.Take(column + 1).Sum() + (column * plotWidth);
            double py = Edge + legendHeight + top.Take(row + 1).Sum() + bottom.Take(row).Sum() + (row * plotHeight);
            double overhang = column == columns - 1 ? right : left[column + 1] < 20 ? (left[column + 1] / 2) - 3 : 10;
            DrawPanel(svg, panels[i], across[i], along[i], Math.Round(px) + 0.5, Math.Round(py) + 0.5, left[column], overhang);
        }

        for (int i = 0; i < notes.Length; i++)
        {
            svg.Text(Edge, panelsBottom + ((i + 1) * LineHeight) - 3, notes[i], "n");
        }

        return svg.Close().ToString();
    }

    private static double LeftOf(Panel panel, TickSet ticks)
    {
        double labels = panel.ShowsYTicks ? ticks.Labels.Max(TextMetrics.Width) + TickLength + 5 : 8;
        return labels + (panel.ShowsYTicks && (panel.Y.Label + ticks.Note).Length > 0 ? 17 : 3);
    }

    private static double BottomOf(Panel panel, TickSet ticks) =>
        panel.ShowsXTicks ? TickLength + 15 + ((panel.X.Label + ticks.Note).Length > 0 ? 16 : 0) + 4 : 5;

    // The factor or offset of the tick labels belongs to their meaning: a long name is cut, the note never.
    private static void DrawAxisLabel(SvgBuilder svg, double x, double y, string label, string note, double room, bool vertical)
    {
        string after = note.Length == 0 ? string.Empty : label.Length == 0 ? note : note.StartsWith('×') ? " " + note : $" ({note})";
        if (label.Length > 0 || after.Length > 0)
        {
            svg.Text(x, y, label, "c", room - TextMetrics.Width(after), vertical, after);
        }
    }

    // Where each label is centred. One that stands out too far over the frame moves in; one that then runs into its neighbour is left off.
    private double?[] LabelCentres(TickSet ticks, Axis axis, double overhang)
    {
        double?[] centres = new double?[ticks.Values.Count];
        double free = double.NegativeInfinity;
        for (int i = 0; i < centres.Length; i++)
        {
            double half = TextMetrics.Width(ticks.Labels[i]) / 2, at = axis.Position(ticks.Values[i]) * plotWidth;
            at = Math.Clamp(at, Math.Min(half - overhang, plotWidth / 2), Math.Max(plotWidth + overhang - half, plotWidth / 2));
            if (half > 0 && at - half >= free)
            {
                (centres[i], free) = (at, at + half + 4);
            }
        }

        return centres;
    }

    private IEnumerable<string> AllNotes()
    {
        long leftOut = _panels.Values.Sum(p => p.LeftOut);
        return leftOut == 0 ? _notes : [.. _notes, FormattableString.Invariant($"Not drawn, as no axis can show them: {leftOut} points that are not finite, or not positive on a logarithmic axis.")];
    }

    private void DrawPanel(SvgBuilder svg, Panel panel, TickSet across, TickSet along, double px, double py, double left, double overhang)
    {
        for (int i = 0; panel.HasGrid && i < along.Values.Count; i++)
        {
            double y = py + ((1 - panel.Y.Position(along.Values[i])) * plotHeight);
            svg.Line(px, y, px + plotWidth, y, "grid");
        }

        svg.OpenViewport(px, py, plotWidth, plotHeight);
        panel.DrawMarks(svg, plotWidth, plotHeight);
        svg.Close();
        svg.Rectangle(px, py, plotWidth, plotHeight, "frame");
        if (panel.Heading.Length > 0)
        {
            svg.Text(px, py - 6, panel.Heading, "b", plotWidth);
        }

        if (panel.ShowsXTicks)
        {
            double?[] centres = LabelCentres(across, panel.X, overhang);
            for (int i = 0; i < across.Values.Count; i++)
            {
                double x = px + (panel.X.Position(across.Values[i]) * plotWidth);
                svg.Line(x, py + plotHeight, x, py + plotHeight + TickLength, "tick");
                if (centres[i] is double centre)
                {
                    svg.Text(px + centre, py + plotHeight + TickLength + 12, across.Labels[i], "c");
                }
            }

            DrawAxisLabel(svg, px + (plotWidth / 2), py + plotHeight + TickLength + 28, panel.X.Label, across.Note, plotWidth + 8, vertical: false);
        }

        if (panel.ShowsYTicks)
        {
            for (int i = 0; i < along.Values.Count; i++)
            {
                double y = py + ((1 - panel.Y.Position(along.Values[i])) * plotHeight);
                svg.Line(px - TickLength, y, px, y, "tick");
                svg.Text(px - TickLength - 3, y + 4, along.Labels[i], "e");
            }

            DrawAxisLabel(svg, px - left + (px > left + (2 * Edge) ? 19 : 11), py + (plotHeight / 2), panel.Y.Label, along.Note, plotHeight + 8, vertical: true);
        }
    }

    private List<(LegendEntry Entry, double X, int Line)> PlaceLegend(double width)
    {
        List<(LegendEntry, double, int)> placed = [];
        (double x, int line) = (Edge, 0);
        foreach (LegendEntry entry in _legend)
        {
            double needed = Math.Min(24 + TextMetrics.Width(entry.Text) + 16, width - (2 * Edge));
            if (x > Edge && x + needed > width)
            {
                (x, line) = (Edge, line + 1);
            }

            placed.Add((entry, x, line));
            x += needed;
        }

        return placed;
    }

    private static void DrawLegend(SvgBuilder svg, IReadOnlyList<(LegendEntry Entry, double X, int Line)> legend, double width)
    {
        foreach ((LegendEntry entry, double x, int line) in legend)
        {
            double y = Edge + (line * (LineHeight + 1)) + 8;
            if (entry.Fill is not null)
            {
                svg.Rectangle(x, y - 5, 18, 10, entry.Fill);
            }

            if (entry.Line is not null)
            {
                svg.Line(x, y, x + 18, y, entry.Line);
            }

            if (entry.Dot is not null)
            {
                svg.Circle(x + 9, y, 2.4, entry.Dot);
            }

            svg.Text(x + 23, y + 4, entry.Text, maxWidth: width - x - 23 - Edge);
        }
    }
}
