namespace Quincunx.Runs.Checks;

/// <summary>One output over simulations from the prior, beside the observation.</summary>
/// <param name="Observed">NaN where it is missing.</param>
/// <param name="Lower">Least value; NaN if no simulation succeeded.</param>
/// <param name="Upper">Greatest value; NaN if no simulation succeeded.</param>
public sealed record OutputRange(string Name, double Lower, double Upper, double Observed)
{
    public bool HoldsObservation => double.IsNaN(Observed) || (Observed >= Lower && Observed <= Upper);
}
