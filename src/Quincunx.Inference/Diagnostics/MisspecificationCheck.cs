namespace Quincunx.Inference.Diagnostics;

/// <summary>Whether the observation is like the simulations that a network was trained on; where it is not, the network extrapolates.</summary>
/// <remarks>
/// A prior predictive check (Box 1980, J. R. Stat. Soc. A 143, 383), for which p-values are exact: under a right model the observation
/// is one more simulation, and all statistics treat it so. With a truncated prior the simulations must be those of the truncated prior;
/// the observation has chosen the truncation, so it is then more typical than chance and alarms are rarer than their level says.
/// </remarks>
public static class MisspecificationCheck
{
    /// <param name="simulations">Shape <c>[n, k]</c>, from the prior predictive distribution. Rows that are not finite are counted and left out.</param>
    /// <param name="observed">Shape <c>[k]</c>, finite.</param>
    /// <exception cref="InvalidOperationException">Fewer than 20 simulations are finite.</exception>
    public static PredictiveCheckResult Run(ReadOnlySpan<double> simulations, ReadOnlySpan<double> observed, PredictiveCheckOptions? options = null) =>
        PredictiveDistance.Check(simulations, observed, [], (options ?? new PredictiveCheckOptions()).Checked(observed.Length));
}
