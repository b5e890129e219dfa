namespace Quincunx.Runs.Reports.Figures;

/// <summary>A smooth density of weighted points in the plane, on a square grid of nodes over the unit square.</summary>
/// <remarks>
/// A binned kernel estimate. The Gaussian kernel has the shape of the sample's covariance, so that strong correlations are not
/// blurred; its size is a fraction of Scott's rule, the fraction chosen by least-squares cross-validation (Bowman 1984), so that a
/// posterior of several narrow pieces is not blurred either.
/// </remarks>
internal sealed class DensityGrid
{
    private static readonly double[] Fractions = [1, 0.7, 0.5, 0.35, 0.2, 0.1];

    private readonly int _nodes;
    private readonly double[] _values;
    private readonly double[] _xs, _ys, _weights;

    private DensityGrid(int nodes, double[] values, double[] xs, double[] ys, double[] weights)
    {
        (_nodes, _values, _xs, _ys, _weights) = (nodes, values, xs, ys, weights);
    }

    /// <param name="xs">Positions in units of the square; points outside it carry weight but are not drawn.</param>
    /// <param name="weights">Not negative, with a positive sum.</param>
    /// <param name="nodes">Along each side.</param>
    public static DensityGrid Estimate(double[] xs, double[] ys, double[] weights, int nodes)
    {
        double[] counts = new double[nodes * nodes];
        double total = weights.Sum(), squares = 0;
        Moments moments = default;
        for (int i = 0; i < xs.Length; i++)
        {
            double w = weights[i] / total;
            squares += w * w;
            if (xs[i] is >= 0 and <= 1 && ys[i] is >= 0 and <= 1)
            {
                double gx = xs[i] * (nodes - 1), gy = ys[i] * (nodes - 1);
                moments = moments.With(gx, gy, w);

                // Shared among the four nodes around the point: the binned sample keeps its mean.
                int cx = Math.Min((int)gx, nodes - 2), cy = Math.Min((int)gy, nodes - 2);
                double fx = gx - cx, fy = gy - cy;
                counts[(cy * nodes) + cx] += w * (1 - fx) * (1 - fy);
                counts[(cy * nodes) + cx + 1] += w * fx * (1 - fy);
                counts[((cy + 1) * nodes) + cx] += w * (1 - fx) * fy;
                counts[((cy + 1) * nodes) + cx + 1] += w * fx * fy;
            }
        }

        (double[] best, double bestScore) = (new double[nodes * nodes], double.PositiveInfinity);
        foreach (double fraction in Fractions)
        {
            // Scott's rule in two dimensions: n^(-1/6) standard deviations; 1/Σw² stands for n.
            Kernel kernel = moments.Kernel(fraction * fraction * Math.Pow(squares, 1.0 / 3), nodes);
            double[] smooth = Convolve(counts, nodes, kernel);
            double score = Score(counts, smooth, squares, kernel.At(0, 0));
            if (score >= bestScore)
            {
                break;                                     // past the best size; still smaller ones only add noise
            }

            (best, bestScore) = (smooth, score);
        }

        return new DensityGrid(nodes, best, xs, ys, weights);
    }

    /// <summary>The density above which lies a share <paramref name="mass"/> of the points' own weight (Hyndman 1996).</summary>
    /// <remarks>Taken at the points, not over the grid: the smoothing then widens nothing, and the region holds the share it says.</remarks>
    public double Level(double mass)
    {
        double[] density = [.. _xs.Zip(_ys, At)], weights = [.. _weights];
        Array.Sort(density, weights);
        double left = mass * weights.Sum(), smallest = double.NaN;
        for (int i = density.Length - 1; i >= 0 && density[i] > 0; i--)
        {
            smallest = density[i];
            left -= weights[i];
            if (left <= 0)
            {
                break;
            }
        }

        return smallest;
    }

    /// <summary>The closed curves around the region above a level, in units of the square; holes are loops of their own.</summary>
    public IReadOnlyList<IReadOnlyList<(double X, double Y)>> Loops(double level) => ContourTracer.Trace(_values, _nodes, level);

    private static double[] Convolve(double[] counts, int nodes, Kernel kernel)
    {
        int radius = kernel.Radius, side = (2 * radius) + 1;
        double[] stamp = new double[side * side], smooth = new double[counts.Length];
        for (int i = 0; i < stamp.Length; i++)
        {
            stamp[i] = kernel.At((i % side) - radius, (i / side) - radius);
        }

        for (int cell = 0; cell < counts.Length; cell++)
        {
            double count = counts[cell];
            if (count == 0)
            {
                continue;
            }

            int cx = cell % nodes, cy = cell / nodes;
            int fromX = Math.Max(cx - radius, 0), toX = Math.Min(cx + radius, nodes - 1);
            for (int y = Math.Max(cy - radius, 0); y <= Math.Min(cy + radius, nodes - 1); y++)
            {
                int row = y * nodes, stampAt = ((y - cy + radius) * side) - cx + radius;
                for (int x = fromX; x <= toX; x++)
                {
                    smooth[row + x] += count * stamp[stampAt + x];
                }
            }
        }

        return smooth;
    }

    // ∫ f² − 2 E f, the expectation without the point's own bump: an unbiased estimate of the squared error, but for a constant.
    private static double Score(double[] counts, double[] smooth, double squares, double peak)
    {
        double integral = 0, inner = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            integral += smooth[i] * smooth[i];
            inner += counts[i] * smooth[i];
        }

        return integral - (2 * (inner - (squares * peak)) / Math.Max(1 - squares, 1e-9));
    }

    private double At(double x, double y)
    {
        if (x is not (>= 0 and <= 1) || y is not (>= 0 and <= 1))
        {
            return 0;
        }

        double gx = x * (_nodes - 1), gy = y * (_nodes - 1);
        int cx = Math.Min((int)gx, _nodes - 2), cy = Math.Min((int)gy, _nodes - 2);
        double fx = gx - cx, fy = gy - cy;
        int at = (cy * _nodes) + cx;
        return ((1 - fy) * (((1 - fx) * _values[at]) + (fx * _values[at + 1])))
            + (fy * (((1 - fx) * _values[at + _nodes]) + (fx * _values[at + _nodes + 1])));
    }

    /// <summary>Running weighted moments in units of grid cells, in the stable form of Welford (1962) and West (1979).</summary>
    private readonly record struct Moments(double Weight, double X, double Y, double Xx, double Xy, double Yy)
    {
        public Moments With(double x, double y, double w)
        {
            if (w == 0)
            {
                return this;
            }

            double weight = Weight + w, dx = x - X, dy = y - Y, mx = X + (dx * w / weight), my = Y + (dy * w / weight);
            return new Moments(weight, mx, my, Xx + (w * dx * (x - mx)), Xy + (w * dx * (y - my)), Yy + (w * dy * (y - my)));
        }

        public Kernel Kernel(double scale, int nodes)
        {
            // At least a third of a cell wide, for points on a line or on one spot, and at most a sixth of the picture.
            double factor = Weight == 0 ? 0 : scale / Weight, widest = nodes * nodes / 36.0;
            double xx = (Xx * factor) + 0.1, yy = (Yy * factor) + 0.1, xy = Xy * factor;
            double shrink = Math.Min(1, widest / Math.Max(xx, yy));
            return new Kernel(xx * shrink, xy * shrink, yy * shrink);
        }
    }

    /// <summary>A Gaussian of unit mass in units of grid cells, by its covariance.</summary>
    private readonly record struct Kernel(double Xx, double Xy, double Yy)
    {
        public int Radius => (int)Math.Ceiling(3.5 * Math.Sqrt(Math.Max(Xx, Yy)));

        public double At(int dx, int dy)
        {
            double determinant = (Xx * Yy) - (Xy * Xy);
            double form = ((Yy * dx * dx) - (2 * Xy * dx * dy) + (Xx * dy * dy)) / determinant;
            return Math.Exp(-form / 2) / (2 * Math.PI * Math.Sqrt(determinant));
        }
    }
}
