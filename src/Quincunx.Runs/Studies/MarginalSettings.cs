namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>marginals</c>: a network of quantiles, means and variances beside the posterior.</summary>
/// <param name="Levels">Of the quantiles, rising.</param>
/// <param name="Hidden">Widths of the residual blocks, all the same.</param>
public sealed record MarginalSettings(IReadOnlyList<double> Levels, IReadOnlyList<int> Hidden);
