namespace Quincunx.Inference.Samplers;

/// <param name="Power">Power of the likelihood that the particles stand for.</param>
/// <param name="EffectiveParticles">What the weights of the step to it were worth.</param>
/// <param name="Moves">Metropolis moves after it.</param>
/// <param name="Acceptance">Of these moves.</param>
/// <param name="Correlation">The largest correlation of a coordinate with where it was before the moves; near 1 the particles are copies.</param>
public sealed record SmcStage(double Power, double EffectiveParticles, int Moves, double Acceptance, double Correlation);
