namespace Quincunx.Inference.Adversarial;

/// <summary>Which covariances a <see cref="GaussianProposal"/> may have, in unconstrained coordinates.</summary>
public enum ProposalShape
{
    /// <summary>Every symmetric positive definite one.</summary>
    Full,

    /// <summary>Diagonal ones: coordinates are independent, as in the paper's experiments.</summary>
    Diagonal,
}
