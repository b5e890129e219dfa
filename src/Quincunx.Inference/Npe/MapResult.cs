namespace Quincunx.Inference.Npe;

/// <summary>The highest point found of a posterior density.</summary>
/// <param name="Theta">Shape <c>[d]</c>, inside the support.</param>
/// <param name="LogProb">log q(theta | x) there, a density in theta.</param>
/// <param name="Converged">No step of a thousandth of a posterior-wide unit along an axis goes up by more than rounding; false where the search ran out of steps.</param>
public sealed record MapResult(double[] Theta, double LogProb, bool Converged);
