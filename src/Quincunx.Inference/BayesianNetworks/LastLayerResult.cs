namespace Quincunx.Inference.BayesianNetworks;

/// <summary>A posterior with a Bayesian last layer, and what the evidence chose.</summary>
/// <param name="LogEvidence">log p(standardised unconstrained parameters | outputs) with these settings, over all simulations.</param>
/// <param name="LinearScale">Prior standard deviation of what an output contributes linearly, in units of the noise.</param>
/// <param name="HiddenScale">Prior standard deviation of what the hidden units contribute together, in units of the noise.</param>
/// <param name="Steepness">Factor of the hidden units' drawn weights: larger follows shorter ways in x.</param>
/// <param name="NoiseScale">The prior's guess of the residual standard deviation.</param>
public sealed record LastLayerResult(LastLayerPosterior Posterior, double LogEvidence, double LinearScale, double HiddenScale, double Steepness, double NoiseScale);
