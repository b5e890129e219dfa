using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Sequential;

/// <summary>The points within a Mahalanobis distance of a centre.</summary>
/// <param name="centre">Shape <c>[d]</c>.</param>
/// <param name="factor">Lower Cholesky factor of the shape matrix, <c>[d, d]</c> row-major, positive diagonal.</param>
/// <param name="radius">Largest distance √((z - c)ᵀ Σ⁻¹ (z - c)), positive.</param>
public sealed class Ellipsoid(double[] centre, double[] factor, double radius)
{
    private const double Bulk = 0.9;
    private const int ConcentrationSteps = 10;
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

    /// <summary>An ellipsoid about the bulk of some points that holds a share of all of them.</summary>
    /// <remarks>
    /// Centre and shape are mean and covariance of the nine tenths of the points that lie nearest to them, found by the concentration steps of the
    /// minimum covariance determinant (Rousseeuw and van Driessen 1999, Technometrics 41, 212): a few far draws from a flow's tails then
    /// cannot blow the region up. The radius is the quantile of all distances, times a margin.
    /// </remarks>
    /// <param name="points">Shape <c>[n, d]</c>, finite, n > 2 d.</param>
    /// <param name="share">Share of the points to hold, in (0, 1].</param>
    /// <param name="margin">Factor on the radius, at least 1: room for what the points miss.</param>
    /// <exception cref="ArgumentException">Too few points, or their covariance is singular.</exception>
    public static Ellipsoid Enclosing(ReadOnlySpan<double> points, int dimension, double share, double margin = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfLessThan(margin, 1);
        if (share is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "Expected a share in (0, 1].");
        }

        int n = points.Length / dimension;
        if (n <= 2 * dimension || points.Length != n * dimension)
        {
            throw new ArgumentException($"Expected more than {2 * dimension} rows of {dimension} numbers, got {points.Length} numbers.", nameof(points));
        }

        int[] order = [.. Enumerable.Range(0, n)];
        double[] distances = new double[n];
        Ellipsoid shape = OfMoments(points, dimension, order);
        for (int step = 0; step < ConcentrationSteps; step++)
        {
            shape.Distances(points, distances);
            Array.Sort(distances, order = [.. Enumerable.Range(0, n)]);
            shape = OfMoments(points, dimension, order.AsSpan(0, (int)Math.Ceiling(Bulk * n)));
        }

        shape.Distances(points, distances);
        Array.Sort(distances);
        return new Ellipsoid([.. shape.Centre], [.. shape.Factor], margin * distances[Math.Clamp((int)Math.Ceiling(share * n) - 1, 0, n - 1)]);
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

    private void Distances(ReadOnlySpan<double> points, double[] distances)
    {
        for (int row = 0; row < distances.Length; row++)
        {
            distances[row] = Distance(points.Slice(row * Dimension, Dimension));
        }
    }

    // Mean and covariance of some rows, with radius 1.
    private static Ellipsoid OfMoments(ReadOnlySpan<double> points, int d, ReadOnlySpan<int> rows)
    {
        double[] mean = new double[d], covariance = new double[d * d];
        foreach (int row in rows)
        {
            for (int i = 0; i < d; i++)
            {
                mean[i] += points[(row * d) + i] / rows.Length;
            }
        }

        foreach (int row in rows)
        {
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    covariance[(i * d) + j] += (points[(row * d) + i] - mean[i]) * (points[(row * d) + j] - mean[j]) / (rows.Length - 1);
                }
            }
        }

        return new Ellipsoid(mean, Cholesky(covariance, d), 1);
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
