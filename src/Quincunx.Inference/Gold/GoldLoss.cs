namespace Quincunx.Inference.Gold;

/// <summary>What a likelihood ratio is learned from.</summary>
/// <remarks>
/// An event is drawn at one theta and stands beside another; g is the network's log of the ratio of the likelihoods of its x, own theta over the other, ℓ the joint log-ratio of the event, other over own, and t its joint score. From
/// Brehmer, Louppe, Pavez and Cranmer 2018 (arXiv:1805.12244) and Stoye, Brehmer, Louppe, Pavez and Cranmer 2018 (arXiv:1808.00973).
/// </remarks>
public enum GoldLoss
{
    /// <summary>Cross-entropy of which of the two an event came from, log(1 + e^−g): the joint ratio is not used.</summary>
    Carl,

    /// <summary>Squared error of the ratio, (e^−g − e^ℓ)²: its mean is least at the likelihood ratio.</summary>
    Rolr,

    /// <summary><see cref="Carl"/>, and the squared error of the score.</summary>
    Cascal,

    /// <summary><see cref="Rolr"/>, and the squared error of the score.</summary>
    Rascal,

    /// <summary>Cross-entropy of the probability that the event came from its own theta, given all of it: 1 / (1 + e^ℓ).</summary>
    Alice,

    /// <summary><see cref="Alice"/>, and the squared error of the score.</summary>
    Alices,
}
