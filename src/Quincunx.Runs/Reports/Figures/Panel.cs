namespace Quincunx.Runs.Reports.Figures;

/// <summary>One pair of axes and the marks between them. Marks are kept and drawn, in the order given, when the layout knows the size.</summary>
/// <remarks>Points that an axis cannot show (not finite, or not positive on a logarithmic one) break a line, are left out, and are counted.</remarks>
internal sealed class Panel(Axis x, Axis y)
{
    private readonly List<Action<SvgBuilder, Frame>> _marks = [];

    public Axis X => x;

    public Axis Y => y;

    public string Heading { get; init; } = string.Empty;

    public bool ShowsXTicks { get; init; } = true;

    public bool ShowsYTicks { get; init; } = true;

    /// <summary>Faint lines at the ticks, for panels whose heights are read off.</summary>
    public bool HasGrid { get; init; }

    /// <summary>Values that were left out so far because an axis cannot show them.</summary>
    public long LeftOut { get; private set; }

    public void Line(IReadOnlyList<double> xs, IReadOnlyList<double> ys, string style)
    {
        List<List<(double X, double Y)>> pieces = Pieces(xs, i => ys[i]);
        LeftOut += xs.Count - pieces.Sum(p => p.Count);
        _marks.Add((svg, frame) =>
        {
            svg.Path(pieces.Where(p => p.Count > 1).Select(frame.Map).Select(p => PathSimplifier.Simplify(p)), style, closed: false);

            // A piece of one point has no length; a dot keeps it visible.
            foreach ((double px, double py) in pieces.Where(p => p.Count == 1).Select(p => p[0]))
            {
                svg.Circle(frame.X(px), frame.Y(py), 1.5, "dot");
            }
        });
    }

    /// <summary>The area between two curves. On a logarithmic axis an edge that is not positive is taken down to the frame.</summary>
    public void Band(IReadOnlyList<double> xs, IReadOnlyList<double> low, IReadOnlyList<double> high, string style)
    {
        double Floor(double v) => y.Scale == AxisScale.Logarithmic && v <= 0 ? y.Min : v;
        List<List<(double X, double Y)>> lows = Pieces(xs, i => double.IsFinite(high[i]) ? Floor(low[i]) : double.NaN);
        List<List<(double X, double Y)>> highs = Pieces(xs, i => double.IsFinite(low[i]) ? Floor(high[i]) : double.NaN);
        LeftOut += xs.Count - lows.Sum(p => p.Count);
        _marks.Add((svg, frame) => svg.Path(
            lows.Zip(highs, (l, h) => (IReadOnlyList<(double, double)>)[.. Wide(frame.Map(h)), .. Enumerable.Reverse(Wide(frame.Map(l)))]),
            style,
            closed: true));
    }

    /// <summary>Dots, with vertical bars from <paramref name="low"/> to <paramref name="high"/> where given.</summary>
    public void Points(
        IReadOnlyList<double> xs, IReadOnlyList<double> ys, string style, double radius = 2.4, IReadOnlyList<double>? low = null, IReadOnlyList<double>? high = null)
    {
        int[] shown = [.. Enumerable.Range(0, xs.Count).Where(i => x.IsUsable(xs[i]) && y.IsUsable(ys[i]))];
        LeftOut += xs.Count - shown.Length;
        _marks.Add((svg, frame) =>
        {
            foreach (int i in shown)
            {
                if (low is not null && high is not null && !double.IsNaN(low[i]) && !double.IsNaN(high[i]))
                {
                    double bottom = y.Scale == AxisScale.Logarithmic && low[i] <= 0 ? y.Min : low[i];
                    svg.Line(frame.X(xs[i]), frame.Y(bottom), frame.X(xs[i]), frame.Y(high[i]), "bar");
                }

                svg.Circle(frame.X(xs[i]), frame.Y(ys[i]), radius, style);
            }
        });
    }

    /// <summary>A histogram's outline and, where <paramref name="fill"/> is given, its area.</summary>
    /// <param name="edges">One more than <paramref name="heights"/>, ascending.</param>
    public void Steps(IReadOnlyList<double> edges, IReadOnlyList<double> heights, string? line, string? fill)
    {
        double Floor(double v) => y.Scale == AxisScale.Logarithmic && v <= 0 ? y.Min : v;
        _marks.Add((svg, frame) =>
        {
            List<(double X, double Y)> outline = [];
            for (int i = 0; i < heights.Count; i++)
            {
                double height = frame.Y(double.IsFinite(heights[i]) ? Floor(heights[i]) : y.Min);
                outline.Add((frame.X(edges[i]), height));
                outline.Add((frame.X(edges[i + 1]), height));
            }

            if (outline.Count == 0)
            {
                return;
            }

            double ground = frame.Y(Math.Max(y.Scale == AxisScale.Linear ? 0 : y.Min, y.Min));
            outline.Insert(0, (outline[0].X, ground));
            outline.Add((outline[^1].X, ground));
            if (fill is not null)
            {
                svg.Path([outline], fill, closed: true);
            }

            if (line is not null)
            {
                svg.Path([PathSimplifier.Simplify(outline)], line, closed: false);
            }
        });
    }

    /// <summary>Filled or outlined closed curves; inside is decided by the even-odd rule, so that a loop in a loop is a hole.</summary>
    public void Loops(IReadOnlyList<IReadOnlyList<(double X, double Y)>> loops, string style) =>
        _marks.Add((svg, frame) => svg.Path(loops.Select(l => PathSimplifier.Simplify(frame.Map(l))).Where(l => l.Count > 2), style, closed: true));

    public void HorizontalLine(double value, string style)
    {
        if (y.IsUsable(value))
        {
            _marks.Add((svg, frame) => svg.Line(0, frame.Y(value), frame.Width, frame.Y(value), style));
        }
    }

    public void VerticalLine(double value, string style)
    {
        if (x.IsUsable(value))
        {
            _marks.Add((svg, frame) => svg.Line(frame.X(value), 0, frame.X(value), frame.Height, style));
        }
    }

    /// <summary>Words in the middle of the panel, for when there is nothing to draw.</summary>
    public void Message(string text) =>
        _marks.Add((svg, frame) => svg.Text(frame.Width / 2, (frame.Height / 2) + 4, text, "n c", frame.Width - 8));

    public void DrawMarks(SvgBuilder svg, double width, double height)
    {
        var frame = new Frame(x, y, width, height);
        foreach (Action<SvgBuilder, Frame> mark in _marks)
        {
            mark(svg, frame);
        }
    }

    private List<List<(double X, double Y)>> Pieces(IReadOnlyList<double> xs, Func<int, double> height)
    {
        List<List<(double X, double Y)>> pieces = [];
        List<(double X, double Y)>? current = null;
        for (int i = 0; i < xs.Count; i++)
        {
            double value = height(i);
            if (!x.IsUsable(xs[i]) || !y.IsUsable(value))
            {
                current = null;
                continue;
            }

            if (current is null)
            {
                pieces.Add(current = []);
            }

            current.Add((xs[i], value));
        }

        return pieces;
    }

    // A band over a single point gets a width, else it could not be seen.
    private static IReadOnlyList<(double X, double Y)> Wide(IReadOnlyList<(double X, double Y)> edge) =>
        edge.Count == 1 ? [(edge[0].X - 4, edge[0].Y), (edge[0].X + 4, edge[0].Y)] : edge;

    /// <summary>Data to pixels, in a viewport whose top left corner is the origin.</summary>
    private readonly record struct Frame(Axis XAxis, Axis YAxis, double Width, double Height)
    {
        public double X(double value) => XAxis.Position(value) * Width;

        public double Y(double value) => (1 - YAxis.Position(value)) * Height;

        public IReadOnlyList<(double X, double Y)> Map(IReadOnlyList<(double X, double Y)> points)
        {
            var mapped = new (double X, double Y)[points.Count];
            for (int i = 0; i < mapped.Length; i++)
            {
                mapped[i] = (X(points[i].X), Y(points[i].Y));
            }

            return mapped;
        }
    }
}
