using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Distributions;

/// <summary>Normal with the given mean and standard deviation.</summary>
/// <exception cref="ArgumentOutOfRangeException">The mean is not finite, or the deviation not positive and finite.</exception>
public sealed class Normal(double mean, double standardDeviation) : ScalarDistribution(Support.Real)
{
    private readonly double _mean = Require.Finite(mean), _sd = Require.Positive(standardDeviation);
    private readonly double _logSd = Math.Log(standardDeviation);

    public override double Mean => _mean;

    public override double Variance => _sd * _sd;

    private protected override double LogDensity(double x) => SpecialFunctions.NormalLogPdf((x - _mean) / _sd) - _logSd;

    private protected override double CdfInside(double x) => SpecialFunctions.NormalCdf((x - _mean) / _sd);

    private protected override double ScoreInside(double x) => (x - _mean) / _sd;

    private protected override double AtScore(double score) => _mean + (_sd * score);

    private protected override double Draw(Rng rng) => _mean + _sd * rng.NextNormal();
}
