namespace Quincunx.Inference.Abc;

/// <summary>One simulation of a population.</summary>
/// <param name="Z">The unconstrained coordinates of theta.</param>
/// <param name="LogPrior">The prior's log-density at Z.</param>
/// <param name="Distance">NaN until the scales of the distance are known.</param>
internal sealed record SmcParticle(double[] Theta, double[] Z, double[] Summary, double LogPrior, double Distance);
