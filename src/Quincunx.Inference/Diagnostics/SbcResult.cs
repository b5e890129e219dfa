namespace Quincunx.Inference.Diagnostics;

/// <param name="Quantities">The parameters in order, then the log-density, then the log-likelihood if asked for.</param>
/// <param name="Pairs">Pairs that were ranked.</param>
/// <param name="InvalidPairs">Pairs left out because a draw, a density or a weight was NaN, or no draw had a positive weight. Any is a fault of the estimator.</param>
/// <param name="Draws">Posterior draws L for each pair.</param>
/// <param name="Band">Where the distribution function of a quantity's uniforms stays, with probability <see cref="EcdfBand.Level"/> for each quantity.</param>
/// <param name="MedianEffectiveDraws">Median over the pairs of the effective number of draws; L without weights.</param>
public sealed record SbcResult(
    IReadOnlyList<SbcQuantity> Quantities, int Pairs, int InvalidPairs, int Draws, EcdfBand Band, double MedianEffectiveDraws)
{
    /// <summary>Name of the quantity log q(theta | x), or of the joint's density where draws are weighted. Its rank is that of a highest-density region.</summary>
    public const string LogDensity = "log density";

    /// <summary>Name of the quantity log p(x | theta).</summary>
    public const string LogLikelihood = "log likelihood";

    /// <summary>p-value of all quantities together: the least of the adjusted ones. Holds under any dependence between them.</summary>
    public double CombinedPValue => Quantities.Min(q => q.AdjustedPValue);

    /// <summary>No invalid pair, and the combined p-value is above 1 − level.</summary>
    public bool IsCalibrated => InvalidPairs == 0 && CombinedPValue > 1 - Band.Level;

    /// <summary>The quantity of highest-density regions.</summary>
    public SbcQuantity Density => Quantities.First(q => q.Name == LogDensity);
}
