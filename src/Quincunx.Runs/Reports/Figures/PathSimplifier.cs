namespace Quincunx.Runs.Reports.Figures;

/// <summary>Drops the points of a drawn curve that the eye would not miss (Douglas and Peucker 1973).</summary>
internal static class PathSimplifier
{
    /// <summary>A curve through some of the points, ends among them, that stays within <paramref name="tolerance"/> pixels of all of them.</summary>
    public static IReadOnlyList<(double X, double Y)> Simplify(IReadOnlyList<(double X, double Y)> points, double tolerance = 0.12)
    {
        if (points.Count < 3)
        {
            return points;
        }

        bool[] kept = new bool[points.Count];
        kept[0] = kept[^1] = true;
        var open = new Stack<(int From, int To)>([(0, points.Count - 1)]);
        while (open.TryPop(out (int From, int To) span))
        {
            (int farthest, double distance) = (-1, tolerance);
            for (int i = span.From + 1; i < span.To; i++)
            {
                double d = Distance(points[i], points[span.From], points[span.To]);
                if (d > distance)
                {
                    (farthest, distance) = (i, d);
                }
            }

            if (farthest >= 0)
            {
                kept[farthest] = true;
                open.Push((span.From, farthest));
                open.Push((farthest, span.To));
            }
        }

        return [.. points.Where((_, i) => kept[i])];
    }

    // To the segment, not to its line: the ends of a closed curve coincide.
    private static double Distance((double X, double Y) p, (double X, double Y) a, (double X, double Y) b)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, length = (dx * dx) + (dy * dy);
        double t = length == 0 ? 0 : Math.Clamp((((p.X - a.X) * dx) + ((p.Y - a.Y) * dy)) / length, 0, 1);
        double ex = p.X - a.X - (t * dx), ey = p.Y - a.Y - (t * dy);
        return Math.Sqrt((ex * ex) + (ey * ey));
    }
}
