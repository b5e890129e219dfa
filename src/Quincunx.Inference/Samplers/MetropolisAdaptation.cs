namespace Quincunx.Inference.Samplers;

/// <summary>What the warm-up of random-walk Metropolis learns; all of it is frozen when the warm-up ends.</summary>
public enum MetropolisAdaptation
{
    /// <summary>Covariance of the proposal from the past of all chains (Haario, Saksman, Tamminen 2001), and its size from the acceptance.</summary>
    Covariance,

    /// <summary>Its size alone.</summary>
    Scale,

    /// <summary>Nothing.</summary>
    None,
}
