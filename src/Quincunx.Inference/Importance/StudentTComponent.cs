using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Importance;

/// <summary>One multivariate Student-t distribution and its share of the mixture.</summary>
public sealed class StudentTComponent
{
    private readonly double[] _mean, _factor;
    private readonly double _logNormaliser;

    private StudentTComponent(double weight, double[] mean, double[] factor, double degreesOfFreedom, double logNormaliser)
    {
        (Weight, _mean, _factor, DegreesOfFreedom, _logNormaliser) = (weight, mean, factor, degreesOfFreedom, logNormaliser);
    }

    /// <summary>Share of the mixture.</summary>
    public double Weight { get; }

    /// <summary>Shape <c>[d]</c>: the centre (the mean where ν &gt; 1).</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>Lower Cholesky factor of the scale matrix, <c>[d, d]</c> row-major; the covariance is ν/(ν − 2) times the scale matrix.</summary>
    public ReadOnlySpan<double> Factor => _factor;

    /// <summary>ν, positive.</summary>
    public double DegreesOfFreedom { get; }

    /// <summary>A component from its scale matrix, of which the lower triangle is read.</summary>
    /// <param name="weight">Positive; mixtures normalise it.</param>
    /// <param name="mean">Shape <c>[d]</c>.</param>
    /// <param name="scale">Shape <c>[d, d]</c>, row-major.</param>
    /// <param name="degreesOfFreedom">ν, positive and finite.</param>
    /// <exception cref="ArgumentException">The matrix is not positive definite.</exception>
    public static StudentTComponent FromScale(double weight, ReadOnlySpan<double> mean, ReadOnlySpan<double> scale, double degreesOfFreedom)
    {
        int d = mean.Length;
        if (d == 0 || scale.Length != d * d)
        {
            throw new ArgumentException($"Expected a scale matrix [{d}, {d}] of at least one row, got {scale.Length} values.", nameof(scale));
        }

        if (!(weight > 0) || !(degreesOfFreedom > 0) || double.IsInfinity(degreesOfFreedom))
        {
            throw new ArgumentException($"Expected a positive weight and degrees of freedom, got {weight} and {degreesOfFreedom}.", nameof(weight));
        }

        double[] factor = new double[d * d];
        if (CholeskyFactor.Compute(scale, d, factor) is { } fault)
        {
            throw new ArgumentException($"Expected a positive definite scale matrix, got pivot {fault.Pivot} in row {fault.Row}.", nameof(scale));
        }

        return new StudentTComponent(weight, mean.ToArray(), factor, degreesOfFreedom, LogNormaliser(d, factor, degreesOfFreedom));
    }

    internal StudentTComponent WithWeight(double weight) => new(weight, _mean, _factor, DegreesOfFreedom, _logNormaliser);

    internal double LogProb(double squaredDistance) =>
        _logNormaliser - (0.5 * (DegreesOfFreedom + _mean.Length) * SpecialFunctions.Log1p(squaredDistance / DegreesOfFreedom));

    /// <summary>(z − μ)ᵀ Σ⁻¹ (z − μ), by forward substitution.</summary>
    internal double SquaredDistance(ReadOnlySpan<double> z)
    {
        Span<double> y = z.Length <= 64 ? stackalloc double[z.Length] : new double[z.Length];
        return CholeskyFactor.Solve(_factor, z, _mean, y);
    }

    private static double LogNormaliser(int d, ReadOnlySpan<double> factor, double nu)
    {
        double log = SpecialFunctions.LogGamma((nu + d) / 2) - SpecialFunctions.LogGamma(nu / 2) - (0.5 * d * Math.Log(nu * Math.PI));
        for (int i = 0; i < d; i++)
        {
            log -= Math.Log(factor[(i * d) + i]);
        }

        return log;
    }
}
