using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Abc;

/// <summary>A density about weighted draws: normal kernels in the unconstrained coordinates of the prior's support.</summary>
/// <remarks>
/// Kernels have the shape of the draws' weighted covariance, or of the mean square difference from a draw to its nearest ones, which follows modes apart; and the width, from a row of them. Of both, those at which the draws' log-density is the largest when
/// each is left out (likelihood cross-validation: Habbema, Hermans and van den Broek 1974). The density is a smooth guess, wider than the draws: in variance, on the average over parameters, by the square of <see cref="Bandwidth"/>.
/// </remarks>
public sealed class AbcPosterior : IPosterior
{
    private readonly SupportBijection _bijection;
    private readonly NormalKernels _kernels;

    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="draws">More than their dimension, and not all on a plane.</param>
    /// <exception cref="ArgumentException">There are too few draws, or their covariance is singular.</exception>
    public AbcPosterior(SupportBijection bijection, AbcDraws draws)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(draws);
        int d = draws.Dimension;
        if (bijection.Dimension != d || draws.Count <= d + 1)
        {
            throw new ArgumentException($"Expected more than {bijection.Dimension + 1} draws of {bijection.Dimension} parameters, got {draws.Count} of {d}.", nameof(draws));
        }

        (NormalKernels? kernels, (int Row, double Pivot)? fault) = Fit(bijection, draws);
        _bijection = bijection;
        _kernels = kernels ?? throw new ArgumentException($"The covariance of the draws is singular: pivot {fault!.Value.Row} is {fault.Value.Pivot}.", nameof(draws));
    }

    private AbcPosterior(SupportBijection bijection, NormalKernels kernels) => (_bijection, _kernels) = (bijection, kernels);

    /// <inheritdoc/>
    public int Dimension => _bijection.Dimension;

    /// <inheritdoc/>
    public bool IsNormalised => true;

    /// <summary>Width of the kernels in standard deviations of the draws.</summary>
    public double Bandwidth => _kernels.Spread;

    /// <summary>Mean log-density of left-out draws, in unconstrained coordinates.</summary>
    internal double Score => _kernels.Score;

    /// <summary>The density, or null where draws are too few or their covariance is singular.</summary>
    internal static AbcPosterior? TryMake(SupportBijection bijection, AbcDraws draws) =>
        draws.Count > draws.Dimension + 1 && Fit(bijection, draws).Kernels is { } kernels ? new AbcPosterior(bijection, kernels) : null;

    /// <summary>Draws from the density.</summary>
    /// <param name="thetas"><c>[count, d]</c>, overwritten.</param>
    /// <param name="rng">Advanced by the draws.</param>
    public void Sample(Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int d = Dimension;
        if (thetas.Length % d != 0)
        {
            throw new ArgumentException($"Expected whole rows of {d} parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        double[] z = new double[d];
        for (int row = 0; row < thetas.Length; row += d)
        {
            _kernels.Draw(z, rng);
            _bijection.ToConstrained(z, thetas.Slice(row, d));
        }
    }

    /// <summary>Log-densities; negative infinity outside the support, NaN for NaN.</summary>
    /// <param name="thetas"><c>[count, d]</c>.</param>
    /// <param name="logProbs"><c>[count]</c>, overwritten.</param>
    public void LogProb(ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        int d = Dimension;
        if (thetas.Length != logProbs.Length * d)
        {
            throw new ArgumentException($"Expected {logProbs.Length} rows of {d} parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        double[] rows = thetas.ToArray(), logs = new double[logProbs.Length];
        Parallel.For(0, logs.Length, i => logs[i] = LogProb(rows.AsSpan(i * d, d)));
        logs.CopyTo(logProbs);
    }

    private static (NormalKernels? Kernels, (int Row, double Pivot)? Fault) Fit(SupportBijection bijection, AbcDraws draws)
    {
        double[] z = new double[draws.Theta.Length];
        bijection.ToUnconstrained(draws.Theta, z);
        return NormalKernels.Fit(draws.Dimension, z, draws.Weights);
    }

    private double LogProb(ReadOnlySpan<double> theta)
    {
        double outside = 0;
        for (int k = 0; k < theta.Length; k++)
        {
            if (double.IsNaN(theta[k]))
            {
                return double.NaN;
            }

            outside = _bijection.Supports[k].Contains(theta[k]) ? outside : double.NegativeInfinity;
        }

        if (outside != 0)
        {
            return outside;
        }

        Span<double> z = theta.Length <= 64 ? stackalloc double[theta.Length] : new double[theta.Length];
        _bijection.ToUnconstrained(theta, z);
        return _kernels.LogDensity(z) - _bijection.LogAbsDetToConstrained(z);
    }
}
