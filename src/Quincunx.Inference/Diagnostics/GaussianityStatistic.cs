namespace Quincunx.Inference.Diagnostics;

/// <param name="Name">Skewness, kurtosis, marginal or pairwise divergence.</param>
/// <param name="Value">Large for data that are not Gaussian.</param>
/// <param name="PValue">Share of data sets of the fitted Gaussian, the data included, with a value as large.</param>
/// <param name="AdjustedPValue">Holm's adjustment over the statistics of the suite.</param>
public sealed record GaussianityStatistic(string Name, double Value, double PValue, double AdjustedPValue);
