namespace Quincunx.Inference.Equivariance;

/// <summary>How a run of chains ended.</summary>
public enum GibbsStop
{
    /// <summary>Chains agree with one another.</summary>
    Converged,

    /// <summary>They did not agree within the iterations allowed. Their last states are there, but depend on where they started.</summary>
    IterationsExhausted,

    /// <summary>No chain found parameters inside the prior. There are no draws.</summary>
    OutsidePrior,
}
