namespace Quincunx.Inference.Abc;

/// <summary>What one population of draws cost and is worth.</summary>
/// <param name="Tolerance">Largest distance that was accepted; infinite for a first population that takes every simulation.</param>
/// <param name="Simulations">Simulations made for it, failed ones included.</param>
/// <param name="Accepted">Of these, those within the tolerance.</param>
/// <param name="EffectiveSampleSize">Of its weighted draws.</param>
/// <param name="Change">
/// The largest change of a coordinate since the population before: of its mean in standard deviations, or of the logarithm of its standard deviation, in unconstrained coordinates. NaN where there is none before.
/// </param>
public sealed record AbcPopulation(double Tolerance, long Simulations, long Accepted, double EffectiveSampleSize, double Change)
{
    /// <summary>Accepted draws per simulation.</summary>
    public double AcceptanceRate => Simulations == 0 ? 0 : (double)Accepted / Simulations;
}
