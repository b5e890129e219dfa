namespace Quincunx.Tests.Numerics.Kernels;

/// <summary>One monotone rational-quadratic spline, a number at a time, as equations 4 to 8 of arXiv:1906.04032 read.</summary>
/// <param name="raw">Widths, heights and inner slopes.</param>
public sealed class SplineReference(double[] raw, int bins, double bound)
{
    private readonly double[] _x = Knots(raw[..bins], bound), _y = Knots(raw[bins..(2 * bins)], bound);
    private readonly double[] _slopes = [1, .. raw[(2 * bins)..].Select(Slope), 1];

    public IReadOnlyList<double> KnotsX => _x;

    /// <summary>f(x) and log f′(x).</summary>
    public (double Y, double LogSlope) At(double x)
    {
        if (double.IsNaN(x))
        {
            return (x, x);
        }

        if (Math.Abs(x) >= bound)
        {
            return (x, 0);
        }

        int k = Enumerable.Range(0, bins).Last(i => i == 0 || x >= _x[i]);
        double width = _x[k + 1] - _x[k], height = _y[k + 1] - _y[k], s = height / width, xi = (x - _x[k]) / width;
        double mixed = xi * (1 - xi), d = s + ((_slopes[k + 1] + _slopes[k] - (2 * s)) * mixed);
        double y = _y[k] + (height * ((s * xi * xi) + (_slopes[k] * mixed)) / d);
        double numerator = s * s * ((_slopes[k + 1] * xi * xi) + (2 * s * mixed) + (_slopes[k] * (1 - xi) * (1 - xi)));
        return (y, Math.Log(numerator) - (2 * Math.Log(d)));
    }

    /// <summary>The whole operation on columns: [d, n] and [d (3 bins - 1), n] give [d + 1, n].</summary>
    public static double[] Columns(double[] x, double[] raw, int n, int bins, double bound)
    {
        int d = x.Length / Math.Max(1, n), per = (3 * bins) - 1;
        double[] result = new double[x.Length + n];
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < d; i++)
            {
                double[] own = [.. Enumerable.Range(0, per).Select(k => raw[(((i * per) + k) * n) + j])];
                (result[(i * n) + j], double log) = new SplineReference(own, bins, bound).At(x[(i * n) + j]);
                result[(d * n) + j] += log;
            }
        }

        return result;
    }

    private static double[] Knots(double[] raw, double bound)
    {
        double largest = raw.Max(), sum = raw.Sum(v => Math.Exp(v - largest)), at = 0;
        double[] inner = [.. raw.Select(v => at += 1e-3 + ((1 - (1e-3 * raw.Length)) * Math.Exp(v - largest) / sum))];
        return [-bound, .. inner[..^1].Select(share => (2 * bound * share) - bound), bound];
    }

    // Raw 0 gives slope 1.
    private static double Slope(double raw)
    {
        double v = raw + Math.Log(Math.Exp(1 - 1e-3) - 1);
        return 1e-3 + Math.Max(v, 0) + Math.Log(1 + Math.Exp(-Math.Abs(v)));
    }
}
