namespace Quincunx.Inference.Ensembles;

/// <summary>What makes the members of an ensemble differ.</summary>
public enum EnsembleVariety
{
    /// <summary>Own initial weights, and each member's own draw of the simulations with replacement (Breiman 1996, Machine Learning 24, 123): the spread has that of the training set in it.</summary>
    Bootstrapped,

    /// <summary>Own initial weights and own order of batches, on the same simulations (Lakshminarayanan, Pritzel and Blundell 2017, arXiv:1612.01474).</summary>
    Reseeded,
}
