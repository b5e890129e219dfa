namespace Quincunx.Inference.Importance;

/// <summary>Effective share of n draws, of the first ones and of disjoint blocks of as many.</summary>
/// <param name="Draws">n.</param>
/// <param name="First">Of the first n draws.</param>
/// <param name="Blocks">How many disjoint blocks of n there are.</param>
/// <param name="Mean">Over the blocks. A block without a positive weight counts as 0.</param>
/// <param name="StandardDeviation">Over the blocks; NaN for one.</param>
/// <param name="Least">Of the blocks.</param>
/// <param name="Greatest">Of the blocks.</param>
public sealed record EfficiencyPoint(int Draws, double First, int Blocks, double Mean, double StandardDeviation, double Least, double Greatest);
