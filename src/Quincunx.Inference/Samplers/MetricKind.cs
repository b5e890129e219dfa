namespace Quincunx.Inference.Samplers;

/// <summary>What the warm-up of a Hamiltonian sampler learns of the target's shape.</summary>
public enum MetricKind
{
    /// <summary>The variance of each coordinate, and correlations within chains, as far as two halves of the chains agree on them. Costs d² a step where there are any; beyond 200 dimensions it is <see cref="Diagonal"/>.</summary>
    Automatic,

    /// <summary>The variance of each coordinate.</summary>
    Diagonal,

    /// <summary>The whole covariance, as it is found. Costs d² a step.</summary>
    Dense,

    /// <summary>Nothing: coordinates are taken to have unit variance.</summary>
    Identity,
}
