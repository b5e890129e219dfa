using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Distributions;

/// <summary>Exponential with the given rate (mean 1 / rate).</summary>
/// <exception cref="ArgumentOutOfRangeException">The rate is not positive and finite.</exception>
public sealed class Exponential(double rate) : ScalarDistribution(Support.Positive)
{
    private readonly double _rate = Require.Positive(rate);
    private readonly double _logRate = Math.Log(rate);

    public override double Mean => 1 / _rate;

    public override double Variance => 1 / _rate / _rate;

    private protected override double LogDensity(double x) => _logRate - _rate * x;

    private protected override double CdfInside(double x) => -SpecialFunctions.Expm1(-_rate * x);

    private protected override double ScoreInside(double x)
    {
        double above = Math.Exp(-_rate * x);
        return above <= 0.5 ? -SpecialFunctions.NormalQuantile(above) : SpecialFunctions.NormalQuantile(CdfInside(x));
    }

    private protected override double AtScore(double score) =>
        (score < 0 ? -SpecialFunctions.Log1p(-SpecialFunctions.NormalCdf(score)) : -SpecialFunctions.NormalLogCdf(-score)) / _rate;

    private protected override double Draw(Rng rng) => rng.NextExponential() / _rate;
}
