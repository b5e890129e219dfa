namespace Quincunx.Inference.Samplers;

/// <summary>Draws of the posterior by parallel tempering, and the evidence.</summary>
/// <param name="Chains">The replicas at power 1, in the prior's coordinates, one chain a ladder.</param>
/// <param name="LogEvidence">log ∫ likelihood × prior by stepping stones (Xie et al. 2011, Syst. Biol. 60, 150); NaN without draws.</param>
/// <param name="LogEvidenceError">Its standard error, from the effective draws of all levels together.</param>
/// <param name="ThermodynamicLogEvidence">The same by integrating the mean log-likelihood over the power (trapezia): far from the other, the ladder has too few levels.</param>
/// <param name="Powers">Of the likelihood, from 0 to 1, as the warm-up placed them.</param>
/// <param name="SwapAcceptance">Between each level and the next, after the warm-up.</param>
/// <param name="RoundTrips">Replicas that came from the prior up to the posterior and back, after the warm-up, over all ladders.</param>
public sealed record TemperingResult(
    ChainResult Chains, double LogEvidence, double LogEvidenceError, double ThermodynamicLogEvidence, IReadOnlyList<double> Powers, IReadOnlyList<double> SwapAcceptance, long RoundTrips);
