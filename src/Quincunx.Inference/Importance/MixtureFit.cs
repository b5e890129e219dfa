namespace Quincunx.Inference.Importance;

/// <param name="Mixture">The fitted mixture; it may have fewer components than asked for.</param>
/// <param name="Objective">
/// After each step, the weighted mean of log q over the points plus the log-prior of the scale matrices per effective point. Never falls but by rounding, or where a component is dropped.
/// </param>
/// <param name="Converged">Whether the objective settled before the steps ran out.</param>
public sealed record MixtureFit(StudentTMixture Mixture, IReadOnlyList<double> Objective, bool Converged);
