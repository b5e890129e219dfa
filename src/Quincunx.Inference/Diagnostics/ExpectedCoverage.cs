using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Diagnostics;

/// <summary>How often highest-density regions hold the true parameters, against how often they say.</summary>
/// <remarks>
/// Hermans et al. 2022 (arXiv:2110.06581) and, by the rank of the density among draws, Deistler, Gonçalves, Macke 2022 (arXiv:2210.04815):
/// theta is in the region of level 1 − α where a share of at most 1 − α of the draws has a higher density.
/// </remarks>
public static class ExpectedCoverage
{
    /// <summary>Coverage from pairs and draws; arguments as for <see cref="SimulationBasedCalibration.Run"/>, which it calls.</summary>
    public static CoverageResult Run(
        IPosteriorEstimator posterior, ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Rng rng,
        SbcOptions? options = null, IProgress<int>? progress = null, CancellationToken cancel = default) =>
        From(SimulationBasedCalibration.Run(posterior, thetas, xs, rng, options, progress, cancel));

    /// <summary>Coverage from the density ranks of a calibration run, without further draws.</summary>
    public static CoverageResult From(SbcResult calibration)
    {
        ArgumentNullException.ThrowIfNull(calibration);

        // The share of draws of higher density; uniform if calibrated.
        double[] higher = [.. calibration.Density.Uniforms.Select(u => 1 - u)];
        EcdfBand band = calibration.Band;
        double[] empirical = [.. band.Points.Select(c => (double)higher.Count(a => a <= c) / higher.Length)];
        (double above, double below) = UniformityTest.Distances(higher);
        return new CoverageResult(
            band.Points, empirical, band.Lower, band.Upper, band.Level,
            SignedArea: 0.5 - higher.Average(),         // ∫ F = 1 − mean
            CalibrationError: empirical.Zip(band.Points, (e, c) => Math.Abs(e - c)).Average(),
            PValue: band.PValue(higher),
            OverconfidentPValue: UniformityTest.OneSidedPValue(below, higher.Length),
            ConservativePValue: UniformityTest.OneSidedPValue(above, higher.Length));
    }
}
