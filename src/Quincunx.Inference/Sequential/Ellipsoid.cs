using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Sequential;

/// <summary>The points within a Mahalanobis distance of a centre.</summary>
/// <param name="centre">Shape <c>[d]</c>.</param>
/// <param name="factor">Lower Cholesky factor of the shape matrix, <c>[d, d]</c> row-major, positive diagonal.</param>
/// <param name="radius">Largest distance √((z - c)ᵀ Σ⁻¹ (z - c)), positive.</param>
public sealed class Ellipsoid(double[] centre, double[] factor, double radius)
{
    private readonly double[] _centre = Checked(centre, factor, radius);

    public int Dimension => _centre.Length;

    public IReadOnlyList<double> Centre => _centre;

    /// <summary>Lower Cholesky factor of the shape matrix, row-major.</summary>
    public IReadOnlyList<double> Factor => factor;

    public double Radius => radius;

    /// <summary>log of the volume: of the unit ball, plus d log radius, plus Σ log of the factor's diagonal.</summary>
    public double LogVolume
    {
        get
        {
            int d = Dimension;
            double log = (0.5 * d * Math.Log(Math.PI)) - SpecialFunctions.LogGamma((0.5 * d) + 1) + (d * Math.Log(radius));
            for (int i = 0; i < d; i++)
            {
                log += Math.Log(factor[(i * d) + i]);
            }

            return log;
        }
    }

    /// <summary>The smallest ellipsoid, of their own mean and covariance, that holds the densest of some points.</summary>
    /// <remarks>
    /// The points left out are those of lowest density, as in a highest-density region. They count neither for the shape nor for the radius, so a few far
    /// draws from a flow's tails cannot blow the region up.
    /// </remarks>
    /// <param name="points">Shape <c>[n, d]</c>, finite.</param>
    /// <param name="logDensity">Shape <c>[n]</c>: log-density of each point, up to a constant.</param>
    /// <param name="share">Share of the points to hold, in (0, 1].</param>
    /// <exception cref="ArgumentException">Too few points are left, lengths differ, or the covariance is singular.</exception>
    public static Ellipsoid EnclosingDensest(ReadOnlySpan<double> points, ReadOnlySpan<double> logDensity, double share)
    {
        if (share is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "Expected a share in (0, 1].");
        }

        if (logDensity.IsEmpty || points.Length % logDensity.Length != 0)
        {
            throw new ArgumentException($"Expected rows for {logDensity.Length} densities, got {points.Length} numbers.", nameof(points));
        }

        int d = points.Length / logDensity.Length, kept = (int)Math.Ceiling(share * logDensity.Length);
        double[] keys = [.. logDensity];
        int[] order = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(keys, order);
        double[] dense = new double[kept * d];
        for (int i = 0; i < kept; i++)
        {
            points.Slice(order[^(i + 1)] * d, d).CopyTo(dense.AsSpan(i * d));
        }

        return Enclosing(dense, d);
    }

    /// <summary>The smallest ellipsoid, of their own mean and covariance, that holds all points.</summary>
    /// <param name="points">Shape <c>[n, d]</c>, finite, n > d.</param>
    /// <exception cref="ArgumentException">Too few points, or their covariance is singular.</exception>
    public static Ellipsoid Enclosing(ReadOnlySpan<double> points, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        int d = dimension, n = points.Length / d;
        if (n <= d)
        {
            throw new ArgumentException($"Expected more than {d} points, got {n}.", nameof(points));
        }

        double[] mean = new double[d], covariance = new double[d * d];
        for (int row = 0; row < n; row++)
        {
            for (int i = 0; i < d; i++)
            {
                mean[i] += points[(row * d) + i] / n;
            }
        }

        for (int row = 0; row < n; row++)
        {
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    covariance[(i * d) + j] += (points[(row * d) + i] - mean[i]) * (points[(row * d) + j] - mean[j]) / (n - 1);
                }
            }
        }

        double[] factor = Cholesky(covariance, d);
        var unit = new Ellipsoid(mean, factor, 1);
        double largest = 0;
        for (int row = 0; row < n; row++)
        {
            largest = Math.Max(largest, unit.Distance(points.Slice(row * d, d)));
        }

        return new Ellipsoid(mean, factor, largest);
    }

    /// <summary>Mahalanobis distance from the centre.</summary>
    public double Distance(ReadOnlySpan<double> z)
    {
        int d = Dimension;
        Span<double> solved = d <= 64 ? stackalloc double[d] : new double[d];
        double sum = 0;
        for (int i = 0; i < d; i++)
        {
            double value = z[i] - _centre[i];
            for (int j = 0; j < i; j++)
            {
                value -= factor[(i * d) + j] * solved[j];
            }

            solved[i] = value / factor[(i * d) + i];
            sum += solved[i] * solved[i];
        }

        return Math.Sqrt(sum);
    }

    public bool Contains(ReadOnlySpan<double> z) => Distance(z) <= radius;

    /// <summary>One point, uniform over the volume: a direction from normal draws, a radius from u^(1/d).</summary>
    public void Sample(Span<double> z, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int d = Dimension;
        Span<double> direction = d <= 64 ? stackalloc double[d] : new double[d];
        double norm = 0;
        for (int i = 0; i < d; i++)
        {
            direction[i] = rng.NextNormal();
            norm += direction[i] * direction[i];
        }

        double scale = radius * Math.Pow(rng.NextDouble(), 1.0 / d) / Math.Sqrt(norm);
        for (int i = 0; i < d; i++)
        {
            double value = 0;
            for (int j = 0; j <= i; j++)
            {
                value += factor[(i * d) + j] * direction[j];
            }

            z[i] = _centre[i] + (scale * value);
        }
    }

    private static double[] Cholesky(double[] matrix, int d)
    {
        double[] lower = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double value = matrix[(i * d) + j];
                for (int k = 0; k < j; k++)
                {
                    value -= lower[(i * d) + k] * lower[(j * d) + k];
                }

                if (i == j && !(value > 0))
                {
                    throw new ArgumentException($"The covariance of the points is singular: pivot {i} is {value}.");
                }

                lower[(i * d) + j] = i == j ? Math.Sqrt(value) : value / lower[(j * d) + j];
            }
        }

        return lower;
    }

    private static double[] Checked(double[] centre, double[] factor, double radius)
    {
        ArgumentNullException.ThrowIfNull(centre);
        ArgumentNullException.ThrowIfNull(factor);
        if (factor.Length != centre.Length * centre.Length)
        {
            throw new ArgumentException($"Expected {centre.Length * centre.Length} numbers in the factor, got {factor.Length}.", nameof(factor));
        }

        if (!(radius > 0) || !double.IsFinite(radius))
        {
            throw new ArgumentOutOfRangeException(nameof(radius), radius, "Expected a positive radius.");
        }

        return centre;
    }
}
