namespace Quincunx.Inference.Diagnostics;

/// <summary>Whether data could be those of a multivariate Gaussian, and where they are not.</summary>
/// <param name="Statistics">Skewness, kurtosis, marginal and pairwise divergence.</param>
/// <param name="Skewness">Of each whitened feature, in standard errors √(6 / n) of Gaussian data.</param>
/// <param name="ExcessKurtosis">Of each whitened feature, in standard errors √(24 / n).</param>
/// <param name="MarginalDivergences">Kullback-Leibler divergence of each whitened feature's histogram from the standard normal, in nats.</param>
/// <param name="PairDivergences">The same of (yᵢ + yⱼ) / √2 for each pair of whitened features; shape <c>[d, d]</c>, symmetric, 0 on the diagonal.</param>
public sealed record GaussianityResult(
    IReadOnlyList<GaussianityStatistic> Statistics,
    IReadOnlyList<double> Skewness,
    IReadOnlyList<double> ExcessKurtosis,
    IReadOnlyList<double> MarginalDivergences,
    IReadOnlyList<double> PairDivergences)
{
    /// <summary>The least adjusted p-value: data of a Gaussian have one below α with a probability of at most α.</summary>
    public double PValue => Statistics.Min(s => s.AdjustedPValue);
}
