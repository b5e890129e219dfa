using Quincunx.Inference.Diagnostics;

namespace Quincunx.Runs.Pipeline;

/// <summary>Contents of <c>diagnostics.json</c>; a check that was switched off is null.</summary>
/// <param name="Predictive">The observation among simulations from the reported posterior.</param>
/// <param name="Typical">The observation among the simulations that the last network was trained on.</param>
/// <param name="Recorded">Of simulations that were made elsewhere; null where the study has a simulator.</param>
public sealed record DiagnosticFacts(int Format, SbcFacts? Sbc, CoverageFacts? Coverage, PredictiveFacts? Predictive, PredictiveFacts? Typical, RecordedFacts? Recorded = null);

/// <summary>Simulation-based calibration of the last network, under the prior of its round.</summary>
/// <param name="PValue">Of all quantities together.</param>
/// <param name="Excluded">Simulations that failed.</param>
public sealed record SbcFacts(int Pairs, int InvalidPairs, int Draws, double PValue, int Excluded, IReadOnlyList<SbcQuantityFacts> Quantities);

/// <param name="Ecdf">p-value that belongs to the simultaneous band.</param>
/// <param name="Adjusted">That p-value, adjusted for the number of quantities.</param>
public sealed record SbcQuantityFacts(string Name, double Ecdf, double KolmogorovSmirnov, double ChiSquared, double Adjusted);

/// <param name="SignedArea">Positive: conservative; negative: overconfident.</param>
public sealed record CoverageFacts(int Pairs, double PValue, double OverconfidentPValue, double ConservativePValue, double SignedArea, double CalibrationError);

/// <param name="MostExtreme">Name of the output that is farthest out, with its own two-sided p-value in <paramref name="MostExtremePValue"/>.</param>
public sealed record PredictiveFacts(
    int Simulations, int Invalid, double PValue, double DistancePValue, double ExtremePValue, string MostExtreme, double MostExtremePValue)
{
    internal static PredictiveFacts Of(PredictiveCheckResult result) => new(
        result.Simulations, result.InvalidSimulations, result.PValue, result.DistancePValue, result.ExtremePValue, result.MostExtreme.Name, result.MostExtreme.PValue);
}
