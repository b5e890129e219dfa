using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Distributions;

/// <summary>Beta on (0, 1) with density proportional to x^(a - 1) (1 - x)^(b - 1).</summary>
/// <exception cref="ArgumentOutOfRangeException">A shape is not positive and finite.</exception>
public sealed class Beta(double a, double b) : ScalarDistribution(new Support(0, 1))
{
    private readonly double _a = Require.Positive(a), _b = Require.Positive(b);

    public override double Mean => _a / (_a + _b);

    public override double Variance => Mean * (_b / (_a + _b)) / (_a + _b + 1);

    private protected override double LogDensity(double x) => x switch
    {
        0 => Edge(_a) - SpecialFunctions.LogBeta(_a, _b),
        1 => Edge(_b) - SpecialFunctions.LogBeta(_a, _b),
        _ => SpecialFunctions.BetaLogPdf(x, _a, _b),
    };

    private protected override double CdfInside(double x) => SpecialFunctions.BetaRegularized(_a, _b, x);

    private protected override double Draw(Rng rng) => rng.NextBeta(_a, _b);

    // (shape - 1) log 0; a shape of exactly 1 has no power on its side.
    private static double Edge(double shape) => shape == 1 ? 0 : shape < 1 ? double.PositiveInfinity : double.NegativeInfinity;
}
