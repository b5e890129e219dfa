namespace Quincunx.Inference.Nle;

/// <summary>A feature of the observation whose values are <c>Lowest</c>, <c>Lowest + 1</c> and so on.</summary>
/// <param name="Index">Which feature, from 0.</param>
/// <param name="Lowest">The least value.</param>
/// <param name="Levels">Number of values, positive: 1 for a feature that never varies.</param>
public sealed record DiscreteFeature(int Index, double Lowest, int Levels);
