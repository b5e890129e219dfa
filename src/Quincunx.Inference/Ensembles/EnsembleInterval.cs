namespace Quincunx.Inference.Ensembles;

/// <summary>One parameter at one observation, with what the members of an ensemble do not agree on.</summary>
/// <param name="Mean">Of the mixture.</param>
/// <param name="StandardDeviation">Of the mixture: the members' mean variance and the variance of their means together.</param>
/// <param name="Lower">Lower end of the mixture's central interval.</param>
/// <param name="Upper">Upper end of it.</param>
/// <param name="MeanSpread">Standard deviation between members of their means; NaN with one member.</param>
/// <param name="LowerSpread">Standard deviation between members of the lower ends of their own intervals.</param>
/// <param name="UpperSpread">Standard deviation between members of the upper ends.</param>
/// <param name="LowestLower">Lowest of the members' lower ends.</param>
/// <param name="HighestUpper">Highest of the members' upper ends.</param>
public sealed record EnsembleInterval(
    double Mean, double StandardDeviation, double Lower, double Upper, double MeanSpread, double LowerSpread, double UpperSpread, double LowestLower, double HighestUpper);
