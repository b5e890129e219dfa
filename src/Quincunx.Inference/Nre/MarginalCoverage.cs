using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Nre;

/// <summary>How often regions of highest ratio of a marginal hold the parameters that made x, over draws of the truncated prior: coverage where the networks were trained and nowhere else.</summary>
/// <remarks>Miller et al. 2021, section 3. Regions by ratio rather than by density do not depend on coordinates; their levels are posterior probabilities all the same.</remarks>
public static class MarginalCoverage
{
    private const double Level = 0.95;

    /// <param name="marginal">Index into <see cref="MarginalRatios.Marginals"/>.</param>
    /// <param name="prior">What thetas were drawn from.</param>
    /// <param name="thetas">Not trained on, shape <c>[n, d]</c>, n at least 20.</param>
    /// <param name="xs">Their simulations, shape <c>[n, k]</c>, finite.</param>
    /// <param name="rng">Advanced.</param>
    /// <param name="draws">Of the prior, that stand for each posterior when weighted by ratios.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or there are fewer than 20 pairs.</exception>
    public static CoverageResult Run(
        MarginalRatios ratios, int marginal, IDistribution prior, ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Rng rng, int draws = 1000, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(ratios);
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        int d = ratios.Dimension, k = ratios.Features, n = thetas.Length / d;
        if (n < 20 || thetas.Length != n * d || xs.Length != n * k || prior.Dimension != d)
        {
            throw new ArgumentException($"Expected at least 20 rows of {d} parameters and of {k} outputs, got {thetas.Length} and {xs.Length} numbers, and a prior of {prior.Dimension}.", nameof(thetas));
        }

        double[] points = new double[(draws + 1) * d], logs = new double[draws + 1], higher = new double[n];
        for (int i = 0; i < draws; i++)
        {
            prior.Sample(points.AsSpan(i * d, d), rng);
        }

        for (int i = 0; i < n; i++)
        {
            cancel.ThrowIfCancellationRequested();
            thetas.Slice(i * d, d).CopyTo(points.AsSpan(draws * d));
            ratios.LogRatio(marginal, xs.Slice(i * k, k), points, logs);
            double own = logs[draws], top = logs.Max(), sum = 0, above = 0;
            for (int j = 0; j < draws; j++)
            {
                double weight = Math.Exp(logs[j] - top);
                sum += weight;
                above += logs[j] > own ? weight : 0;
            }

            higher[i] = sum > 0 ? above / sum : 0;
        }

        var band = EcdfBand.Simultaneous(n, Math.Min(20, n), Level);
        double[] empirical = [.. band.Points.Select(c => (double)higher.Count(a => a <= c) / n)];
        (double over, double below) = UniformityTest.Distances(higher);
        return new CoverageResult(
            band.Points, empirical, band.Lower, band.Upper, band.Level,
            SignedArea: 0.5 - higher.Average(),
            CalibrationError: empirical.Zip(band.Points, (e, c) => Math.Abs(e - c)).Average(),
            PValue: band.PValue(higher),
            OverconfidentPValue: UniformityTest.OneSidedPValue(below, n),
            ConservativePValue: UniformityTest.OneSidedPValue(over, n));
    }
}
