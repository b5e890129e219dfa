namespace Quincunx.Inference.Importance;

/// <param name="Efficiency">Effective sample size per draw of the round's own fresh draws.</param>
/// <param name="LogEvidence">Estimate from the round's draws alone.</param>
/// <param name="ParetoK">Tail shape of the round's weights.</param>
/// <param name="Exponent">Power of the weights that the next proposal was fitted to: 1 once the weights themselves are good enough; NaN where none was fitted.</param>
public sealed record AdaptationRound(double Efficiency, double LogEvidence, double ParetoK, double Exponent);
