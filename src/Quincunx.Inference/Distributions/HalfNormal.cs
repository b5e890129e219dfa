using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Distributions;

/// <summary>The absolute value of a normal with mean 0 and the given standard deviation.</summary>
/// <exception cref="ArgumentOutOfRangeException">The scale is not positive and finite.</exception>
public sealed class HalfNormal(double scale) : ScalarDistribution(Support.Positive)
{
    private readonly double _scale = Require.Positive(scale);
    private readonly double _logNormaliser = Math.Log(2) - Math.Log(scale);

    public override double Mean => _scale * Math.Sqrt(2 / Math.PI);

    public override double Variance => _scale * _scale * (1 - 2 / Math.PI);

    private protected override double LogDensity(double x) => SpecialFunctions.NormalLogPdf(x / _scale) + _logNormaliser;

    private protected override double CdfInside(double x) => SpecialFunctions.Erf(x / _scale * Math.Sqrt(0.5));

    private protected override double Draw(Rng rng) => _scale * Math.Abs(rng.NextNormal());
}
