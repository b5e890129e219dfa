namespace Quincunx.Runs.Reports.Figures;

/// <summary>A generalised Pareto distribution fitted to the largest importance weights (Vehtari et al. 2024, arXiv:1507.02646).</summary>
/// <param name="Shape">k̂; the variance of the weights is finite below 0.5, and estimates can be trusted below about 0.7.</param>
/// <param name="LogScale">ln of the scale σ, of weights normalised like the log weights it is drawn with.</param>
/// <param name="LogThreshold">ln of the weight where the tail begins, normalised likewise.</param>
/// <param name="Count">How many weights the tail has.</param>
public sealed record ParetoTail(double Shape, double LogScale, double LogThreshold, int Count);
