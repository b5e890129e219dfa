using Quincunx.Inference.Distributions;
using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Abc;

/// <summary>A density about weighted draws: normal kernels in the unconstrained coordinates of the prior's support.</summary>
/// <remarks>
/// Kernels have the shape of the draws' weighted covariance, and the width, from a row of them, at which the draws' log-density is the largest when each is left out (likelihood cross-validation: Habbema, Hermans and van den Broek 1974).
/// The density is a smooth guess, wider than the draws: by the square of <see cref="Bandwidth"/> in variance.
/// </remarks>
public sealed class AbcPosterior : IPosterior
{
    private const int MostLeftOut = 1000;
    private static readonly double[] Widths = [.. Enumerable.Range(0, 17).Select(i => Math.Pow(2, (i / 2.0) - 7))];
    private readonly SupportBijection _bijection;
    private readonly double[] _white, _weights, _factor, _zero;
    private readonly double _logUnit;

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

        double[] z = new double[draws.Theta.Length];
        bijection.ToUnconstrained(draws.Theta, z);
        double[] covariance = SmcProposal.Moments([.. z.Chunk(d)], draws.Weights, [.. Enumerable.Range(0, draws.Count)]).Covariance;
        (_bijection, _weights, _factor, _zero, _white) = (bijection, draws.Weights, new double[d * d], new double[d], new double[z.Length]);
        if (CholeskyFactor.Compute(covariance, d, _factor, tolerance: 1e-12) is { } fault)
        {
            throw new ArgumentException($"The covariance of the draws is singular: pivot {fault.Row} is {fault.Pivot}.", nameof(draws));
        }

        _logUnit = -0.5 * d * Math.Log(2 * Math.PI);
        for (int i = 0; i < d; i++)
        {
            _logUnit -= Math.Log(_factor[(i * d) + i]);
        }

        for (int i = 0; i < draws.Count; i++)
        {
            CholeskyFactor.Solve(_factor, z.AsSpan(i * d, d), _zero, _white.AsSpan(i * d, d));
        }

        Bandwidth = BestWidth();
    }

    /// <inheritdoc/>
    public int Dimension => _zero.Length;

    /// <inheritdoc/>
    public bool IsNormalised => true;

    /// <summary>Width of the kernels in standard deviations of the draws.</summary>
    public double Bandwidth { get; }

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

        double[] white = new double[d], z = new double[d];
        for (int row = 0; row < thetas.Length; row += d)
        {
            int chosen = rng.NextCategorical(_weights);
            for (int k = 0; k < d; k++)
            {
                white[k] = _white[(chosen * d) + k] + (Bandwidth * rng.NextNormal());
            }

            for (int i = 0; i < d; i++)
            {
                z[i] = 0;
                for (int k = 0; k <= i; k++)
                {
                    z[i] += _factor[(i * d) + k] * white[k];
                }
            }

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

        double[] z = new double[d], white = new double[d];
        for (int i = 0; i < logProbs.Length; i++)
        {
            ReadOnlySpan<double> theta = thetas.Slice(i * d, d);
            double outside = Outside(theta);
            if (outside != 0)
            {
                logProbs[i] = outside;
                continue;
            }

            _bijection.ToUnconstrained(theta, z);
            CholeskyFactor.Solve(_factor, z, _zero, white);
            logProbs[i] = LogDensity(white, Bandwidth, leaveOut: -1) - _bijection.LogAbsDetToConstrained(z);
        }
    }

    private double Outside(ReadOnlySpan<double> theta)
    {
        double result = 0;
        for (int k = 0; k < theta.Length; k++)
        {
            if (double.IsNaN(theta[k]))
            {
                return double.NaN;
            }

            result = _bijection.Supports[k].Contains(theta[k]) ? result : double.NegativeInfinity;
        }

        return result;
    }

    private double BestWidth()
    {
        int step = Math.Max(1, _weights.Length / MostLeftOut);
        double[] scores = new double[Widths.Length];
        Parallel.For(0, Widths.Length, w =>
        {
            for (int i = 0; i < _weights.Length; i += step)
            {
                scores[w] += _weights[i] * LogDensity(_white.AsSpan(i * Dimension, Dimension), Widths[w], leaveOut: i);
            }
        });
        return Widths[Array.IndexOf(scores, scores.Max())];
    }

    // Of z at a whitened point, without one draw: the others' weights sum to 1 less its own.
    private double LogDensity(ReadOnlySpan<double> white, double width, int leaveOut)
    {
        int d = Dimension;
        double[] terms = new double[_weights.Length];
        for (int j = 0; j < terms.Length; j++)
        {
            double squares = 0;
            for (int k = 0; k < d; k++)
            {
                double difference = white[k] - _white[(j * d) + k];
                squares += difference * difference;
            }

            terms[j] = j == leaveOut ? double.NegativeInfinity : Math.Log(_weights[j]) - (0.5 * squares / (width * width));
        }

        double rest = leaveOut < 0 ? 1 : 1 - _weights[leaveOut];
        return SpecialFunctions.LogSumExp(terms) - Math.Log(rest) + _logUnit - (d * Math.Log(width));
    }
}
