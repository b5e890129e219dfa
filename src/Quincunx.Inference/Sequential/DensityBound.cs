namespace Quincunx.Inference.Sequential;

/// <summary>An upper bound of a log-density over an ellipsoid, by projected gradient ascent from several starts.</summary>
/// <remarks>
/// Where the logarithm is concave the bound is certain: at a point u of a ball of radius R with gradient g no value exceeds f(u) + R |g| - g·u
/// (the Frank-Wolfe gap), and that gap, which goes to zero at the maximum, is added. It has a cap, since where the logarithm is not concave it
/// means little; there the bound relies on the starts.
/// </remarks>
internal sealed class DensityBound(Func<double[], double> logDensity, Ellipsoid region)
{
    private const int Iterations = 300;
    private const double RelativeStep = 1e-5, LargestGap = 1;

    /// <summary>The bound from some starting points; negative infinity where the density vanishes at all of them.</summary>
    /// <param name="spread">How far the climbs ended apart: much, and there are several maxima.</param>
    public double From(IEnumerable<double[]> starts, out double spread)
    {
        double[] bounds = [.. starts.Select(Climb).Where(double.IsFinite).DefaultIfEmpty(double.NegativeInfinity)];
        spread = bounds.Max() - bounds.Min();
        return bounds.Max();
    }

    private double Climb(double[] start)
    {
        int d = start.Length;
        double[] u = region.ToBall(start), gradient = new double[d], next = new double[d];
        double value = At(u), gap = LargestGap, step = 0;
        if (!double.IsFinite(value))
        {
            return value;
        }

        for (int i = 0; i < Iterations; i++)
        {
            double norm = Differentiate(u, value, gradient);
            if (!(norm > 0) || !double.IsFinite(norm))
            {
                break;
            }

            gap = Math.Clamp((region.Radius * norm) - Dot(gradient, u), 0, LargestGap);
            step = step == 0 ? region.Radius / norm : 4 * step;
            double higher;
            do
            {
                step *= 0.5;
                for (int k = 0; k < d; k++)
                {
                    next[k] = u[k] + (step * gradient[k]);
                }

                Project(next);
                higher = At(next);
            }
            while (!(higher > value) && step * norm > 1e-9 * region.Radius);

            if (!(higher > value) || gap < 1e-4)
            {
                break;
            }

            value = higher;
            (u, next) = (next, u);
        }

        return value + gap;
    }

    private double At(double[] u) => logDensity(region.FromBall(u));

    // One-sided towards the centre, so that no point leaves the region; the error is far below the room that the caller leaves.
    private double Differentiate(double[] u, double value, double[] gradient)
    {
        double h = RelativeStep * region.Radius;
        double[] shifted = [.. u];
        for (int k = 0; k < u.Length; k++)
        {
            double signed = u[k] > 0 ? -h : h;
            shifted[k] = u[k] + signed;
            gradient[k] = (At(shifted) - value) / signed;
            shifted[k] = u[k];
        }

        return Math.Sqrt(Dot(gradient, gradient));
    }

    private void Project(double[] u)
    {
        double norm = Math.Sqrt(Dot(u, u));
        if (norm > region.Radius)
        {
            for (int k = 0; k < u.Length; k++)
            {
                u[k] *= region.Radius / norm;
            }
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++)
        {
            sum += a[k] * b[k];
        }

        return sum;
    }
}
