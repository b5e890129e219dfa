using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Sequential;

/// <summary>The points within a Mahalanobis distance of a centre.</summary>
public sealed class Ellipsoid
{
    private const double Bulk = 0.9;
    private const int ConcentrationSteps = 10;
    private readonly double[] _centre, _factor;

    /// <param name="centre">Shape <c>[d]</c>; copied.</param>
    /// <param name="factor">Lower Cholesky factor of the shape matrix, <c>[d, d]</c> row-major, positive diagonal; copied.</param>
    /// <param name="radius">Largest distance √((z - c)ᵀ Σ⁻¹ (z - c)), positive.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, a number is not finite, or radius or diagonal is not positive.</exception>
    public Ellipsoid(ReadOnlySpan<double> centre, ReadOnlySpan<double> factor, double radius)
    {
        int d = centre.Length;
        if (d == 0 || factor.Length != d * d)
        {
            throw new ArgumentException($"Expected a centre [d] and a factor [d, d], got {d} and {factor.Length} numbers.", nameof(factor));
        }

        if (!(radius > 0) || !double.IsFinite(radius))
        {
            throw new ArgumentOutOfRangeException(nameof(radius), radius, "Expected a positive radius.");
        }

        (_centre, _factor, Radius) = (centre.ToArray(), factor.ToArray(), radius);
        for (int i = 0; i < d; i++)
        {
            if (!double.IsFinite(_centre[i]))
            {
                throw new ArgumentException($"Expected a finite centre, got {_centre[i]:R} in coordinate {i}.", nameof(centre));
            }

            if (!(_factor[(i * d) + i] > 0) || Array.Exists(_factor[(i * d)..((i + 1) * d)], v => !double.IsFinite(v)))
            {
                throw new ArgumentException($"Expected a finite factor with a positive diagonal, got {_factor[(i * d) + i]:R} in row {i}.", nameof(factor));
            }
        }
    }

    public int Dimension => _centre.Length;

    public IReadOnlyList<double> Centre => _centre;

    /// <summary>Lower Cholesky factor of the shape matrix, row-major.</summary>
    public IReadOnlyList<double> Factor => _factor;

    public double Radius { get; }

    /// <summary>log of the volume: of the unit ball, plus d log radius, plus Σ log of the factor's diagonal.</summary>
    public double LogVolume
    {
        get
        {
            int d = Dimension;
            double log = (0.5 * d * Math.Log(Math.PI)) - SpecialFunctions.LogGamma((0.5 * d) + 1) + (d * Math.Log(Radius));
            for (int i = 0; i < d; i++)
            {
                log += Math.Log(_factor[(i * d) + i]);
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
    /// <param name="share">Share of the points to hold, in (0, 1]; far points count, so more of them than 1 - share stretch the radius.</param>
    /// <param name="margin">Factor on the radius, at least 1: room for what the points miss.</param>
    /// <exception cref="ArgumentException">Too few points, one that is not finite, or their covariance is singular.</exception>
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

        for (int i = 0; i < points.Length; i++)
        {
            if (!double.IsFinite(points[i]))
            {
                throw new ArgumentException($"Expected finite points, got {points[i]:R} in row {i / dimension}, coordinate {i % dimension}.", nameof(points));
            }
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
        return new Ellipsoid(shape._centre, shape._factor, margin * distances[Math.Clamp((int)Math.Ceiling(share * n) - 1, 0, n - 1)]);
    }

    /// <summary>Mahalanobis distance from the centre.</summary>
    public double Distance(ReadOnlySpan<double> z)
    {
        Span<double> solved = Dimension <= 64 ? stackalloc double[Dimension] : new double[Dimension];
        return Math.Sqrt(CholeskyFactor.Solve(_factor, z, _centre, solved));
    }

    public bool Contains(ReadOnlySpan<double> z) => Distance(z) <= Radius;

    /// <summary>One point, uniform over the volume: a direction from normal draws, a radius from u^(1/d).</summary>
    public void Sample(Span<double> z, Rng rng) => Sample(z, double.PositiveInfinity, rng);

    /// <summary>One point of the normal distribution about the centre with covariance scale² Σ, cut off outside: the radius is a quantile of chi.</summary>
    /// <param name="scale">Positive; infinite for the uniform distribution.</param>
    internal void Sample(Span<double> z, double scale, Rng rng)
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

        double share = rng.NextDouble();
        double length = double.IsInfinity(scale)
            ? Radius * Math.Pow(share, 1.0 / d)
            : scale * Math.Sqrt(SpecialFunctions.ChiSquaredQuantile(share * ShareInside(scale), d));
        Place(direction, Math.Min(length, Radius) / Math.Sqrt(norm), z);
    }

    /// <summary>log of the integral over the ellipsoid of exp(-r² / (2 scale²)), r the distance from the centre; for an infinite scale the volume's.</summary>
    internal double LogNormaliser(double scale)
    {
        if (double.IsInfinity(scale))
        {
            return LogVolume;
        }

        double log = Dimension * (Math.Log(scale) + (0.5 * Math.Log(2 * Math.PI)));
        for (int i = 0; i < Dimension; i++)
        {
            log += Math.Log(_factor[(i * Dimension) + i]);
        }

        return log + Math.Log(ShareInside(scale));
    }

    private double ShareInside(double scale) => SpecialFunctions.ChiSquaredCdf(Radius * Radius / (scale * scale), Dimension);

    /// <summary>The point u of the ball of this radius that z is the image of: z = c + L u.</summary>
    internal double[] ToBall(ReadOnlySpan<double> z)
    {
        double[] u = new double[Dimension];
        CholeskyFactor.Solve(_factor, z, _centre, u);
        return u;
    }

    internal double[] FromBall(ReadOnlySpan<double> u)
    {
        double[] z = new double[Dimension];
        Place(u, 1, z);
        return z;
    }

    // z = c + scale L u.
    private void Place(ReadOnlySpan<double> u, double scale, Span<double> z)
    {
        int d = Dimension;
        for (int i = 0; i < d; i++)
        {
            double value = 0;
            for (int j = 0; j <= i; j++)
            {
                value += _factor[(i * d) + j] * u[j];
            }

            z[i] = _centre[i] + (scale * value);
        }
    }

    // L u = z - c.
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

        double[] factor = new double[d * d];
        return CholeskyFactor.Compute(covariance, d, factor) is { } fault
            ? throw new ArgumentException($"The covariance of the points is singular: pivot {fault.Row} is {fault.Pivot}.")
            : new Ellipsoid(mean, factor, 1);
    }
}
