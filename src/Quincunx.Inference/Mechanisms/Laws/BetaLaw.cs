using System.Numerics;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>Beta on (0, 1) with density proportional to x^(a - 1) (1 - x)^(b - 1).</summary>
public readonly struct BetaLaw<TReal>(TReal a, TReal b) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => false;

    /// <inheritdoc/>
    public double Sample(Rng rng) => rng.NextBeta(Law.Value(a), Law.Value(b));

    /// <inheritdoc/>
    public TReal LogProb(double value) => value is > 0 and < 1
        ? ((a - TReal.One) * TReal.CreateTruncating(Math.Log(value))) + ((b - TReal.One) * TReal.CreateTruncating(SpecialFunctions.Log1p(-value)))
            + Law.LogGamma(a + b) - Law.LogGamma(a) - Law.LogGamma(b)
        : Law.Outside<TReal>(value);

    /// <inheritdoc/>
    public double FromNoise(double noise)
    {
        // In the odds x / (1 - x), which have the whole half line.
        (double first, double second) = (Law.Value(a), Law.Value(b));
        double odds = Noise.Invert(noise, o => OfOdds(first, second, o), isPositive: true, guess: first / second);
        return odds / (1 + odds);
    }

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng) => OfOdds(Law.Value(a), Law.Value(b), value / (1 - value));

    private static double OfOdds(double a, double b, double odds) =>
        Noise.Of(SpecialFunctions.BetaRegularized(a, b, odds / (1 + odds)), SpecialFunctions.BetaRegularized(b, a, 1 / (1 + odds)));
}
