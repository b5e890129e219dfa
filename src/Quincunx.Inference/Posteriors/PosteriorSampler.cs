namespace Quincunx.Inference.Posteriors;

/// <summary>How draws of a posterior are made from prior and likelihood.</summary>
public enum PosteriorSampler
{
    /// <summary>Slice sampling by many chains at once, along the differences of other chains and along the axes; no gradient.</summary>
    Slice,

    /// <summary>NUTS, for smooth likelihoods of many parameters; the observations of a batch one after the other.</summary>
    Nuts,

    /// <summary>Hamiltonian Monte Carlo with trajectories of one mean length; the observations of a batch one after the other.</summary>
    Hamiltonian,

    /// <summary>Draws of the prior, resampled by their likelihood: exact in the limit, and of use where the data say little.</summary>
    ImportanceResampling,
}
