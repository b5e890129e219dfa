namespace Quincunx.Inference.Marginals;

/// <summary>What is known of each parameter by itself at one observation.</summary>
/// <param name="Mean">E(theta | x), shape <c>[d]</c>.</param>
/// <param name="Variance">Of theta given x, shape <c>[d]</c>, positive.</param>
/// <param name="Quantiles">Shape <c>[d][levels]</c>, rising in each row and inside the support.</param>
public sealed record MarginalSummary(IReadOnlyList<double> Mean, IReadOnlyList<double> Variance, IReadOnlyList<IReadOnlyList<double>> Quantiles);
