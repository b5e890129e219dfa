namespace Quincunx.Inference.Diagnostics;

/// <param name="Outputs">One an output, in order.</param>
/// <param name="QuantileLevels">Levels of <see cref="PredictiveOutput.Quantiles"/>.</param>
/// <param name="Distance">Squared Mahalanobis distance of the observation from the simulations, on the standard scale.</param>
/// <param name="DistancePValue">Share of simulations at least as far: sees outputs that do not fit together.</param>
/// <param name="ExtremePValue">Share of simulations whose most extreme output is at least as extreme: sees a single output that is off.</param>
/// <param name="Simulations">Simulations that were compared.</param>
/// <param name="InvalidSimulations">Simulations left out because an output was not finite.</param>
/// <param name="Level">As in the options.</param>
public sealed record PredictiveCheckResult(
    IReadOnlyList<PredictiveOutput> Outputs, IReadOnlyList<double> QuantileLevels, double Distance, double DistancePValue, double ExtremePValue,
    int Simulations, int InvalidSimulations, double Level)
{
    /// <summary>Of both tests together, by Bonferroni.</summary>
    public double PValue => Math.Min(1, 2 * Math.Min(DistancePValue, ExtremePValue));

    /// <summary>The observation looks like one of the simulations.</summary>
    public bool IsTypical => PValue > 1 - Level;

    /// <summary>The output that is farthest out.</summary>
    public PredictiveOutput MostExtreme => Outputs.MaxBy(o => Math.Abs(o.Score))!;
}
