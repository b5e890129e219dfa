namespace Quincunx.Inference.Diagnostics;

/// <summary>Whether simulations from the posterior look like the observation.</summary>
/// <remarks>
/// Gelman, Meng, Stern 1996, Stat. Sinica 6, 733. The posterior has seen the observation, so under a right model these p-values
/// gather around 1/2 and alarms are rarer than their level says: a small one is strong evidence, a large one is little.
/// </remarks>
public static class PosteriorPredictiveCheck
{
    /// <param name="predictive">Shape <c>[n, k]</c>: one simulation at each posterior draw. Rows that are not finite are counted and left out.</param>
    /// <param name="observed">Shape <c>[k]</c>, finite.</param>
    /// <param name="weights">Shape <c>[n]</c>, the posterior draws' weights; empty for equal ones.</param>
    /// <exception cref="InvalidOperationException">Fewer than 20 simulations are finite and of positive weight.</exception>
    public static PredictiveCheckResult Run(
        ReadOnlySpan<double> predictive, ReadOnlySpan<double> observed, ReadOnlySpan<double> weights = default, PredictiveCheckOptions? options = null) =>
        PredictiveDistance.Check(predictive, observed, weights, (options ?? new PredictiveCheckOptions()).Checked(observed.Length));
}
