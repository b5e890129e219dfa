namespace Quincunx.Inference.Samplers;

/// <summary>What the warm-up of a Hamiltonian sampler learns of the target's shape.</summary>
public enum MetricKind
{
    /// <summary>The variance of each coordinate.</summary>
    Diagonal,

    /// <summary>The whole covariance. Pays for strong correlations; costs d² a step.</summary>
    Dense,

    /// <summary>Nothing: coordinates are taken to have unit variance.</summary>
    Identity,
}
