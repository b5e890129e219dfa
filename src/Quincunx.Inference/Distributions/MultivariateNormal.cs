using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Distributions;

/// <summary>Multivariate normal with the given mean and covariance.</summary>
public sealed class MultivariateNormal : IDistribution
{
    private readonly double[] _mean, _covariance, _cholesky;
    private readonly double _logNormaliser;
    private readonly Support[] _supports;

    /// <param name="mean">Shape <c>[d]</c>, d at least 1.</param>
    /// <param name="covariance">Shape <c>[d, d]</c>, row-major, symmetric to 1e-10 of the diagonal, and positive definite.</param>
    /// <exception cref="ArgumentException">A shape does not fit, a number is not finite, or the covariance is not as said.</exception>
    public MultivariateNormal(ReadOnlySpan<double> mean, ReadOnlySpan<double> covariance)
    {
        int d = mean.Length;
        if (d == 0 || covariance.Length != d * d)
        {
            throw new ArgumentException($"Expected shapes [d] and [d, d] with d at least 1, got lengths {d} and {covariance.Length}.");
        }

        foreach (double value in mean)
        {
            Require.Finite(value, nameof(mean));
        }

        foreach (double value in covariance)
        {
            Require.Finite(value, nameof(covariance));
        }

        _mean = mean.ToArray();
        _covariance = covariance.ToArray();
        _cholesky = Factor(_covariance, d);
        _supports = [.. Enumerable.Repeat(Support.Real, d)];
        _logNormaliser = -0.5 * d * Math.Log(2 * Math.PI);
        for (int i = 0; i < d; i++)
        {
            _logNormaliser -= Math.Log(_cholesky[i * d + i]);
        }
    }

    public int Dimension => _mean.Length;

    public IReadOnlyList<Support> Supports => _supports;

    /// <summary>Shape <c>[d]</c>.</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>Shape <c>[d, d]</c>, row-major.</summary>
    public IReadOnlyList<double> Covariance => _covariance;

    /// <summary>The lower factor L of the covariance L Lᵀ; shape <c>[d, d]</c>, row-major, zero above the diagonal.</summary>
    public IReadOnlyList<double> Cholesky => _cholesky;

    public double LogProb(ReadOnlySpan<double> x)
    {
        int d = Dimension;
        Require.Length(x.Length, d, nameof(x));
        bool infinite = false;
        foreach (double value in x)
        {
            if (double.IsNaN(value))
            {
                return double.NaN;
            }

            infinite |= double.IsInfinity(value);
        }

        if (infinite)
        {
            return double.NegativeInfinity;
        }

        // The squared length of z in L z = x - mean.
        Span<double> z = d <= 64 ? stackalloc double[d] : new double[d];
        double square = CholeskyFactor.Solve(_cholesky, x, _mean, z);

        // NaN here is infinity minus infinity on the way, for x beyond 1e154 deviations.
        return double.IsNaN(square) ? double.NegativeInfinity : _logNormaliser - 0.5 * square;
    }

    public void Sample(Span<double> x, Rng rng)
    {
        Require.Length(x.Length, Dimension, nameof(x));
        ArgumentNullException.ThrowIfNull(rng);
        rng.NextMultivariateNormal(_mean, _cholesky, x);
    }

    private static double[] Factor(double[] covariance, int d)
    {
        double[] factor = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double entry = covariance[i * d + j], mirror = covariance[j * d + i];
                double scale = Math.Sqrt(Math.Abs(covariance[i * d + i])) * Math.Sqrt(Math.Abs(covariance[j * d + j]));
                if (Math.Abs(entry - mirror) > 1e-10 * scale)
                {
                    throw new ArgumentException($"Expected a symmetric covariance, got {entry} at [{i}, {j}] and {mirror} at [{j}, {i}].", nameof(covariance));
                }
            }
        }

        // A pivot that is only rounding noise beside its variance makes a singular matrix look definite.
        if (CholeskyFactor.Compute(covariance, d, factor, tolerance: d * 1e-16) is { } fault)
        {
            throw new ArgumentException($"Expected a positive definite covariance; its pivot at row {fault.Row} is {fault.Pivot}.", nameof(covariance));
        }

        return factor;
    }
}
