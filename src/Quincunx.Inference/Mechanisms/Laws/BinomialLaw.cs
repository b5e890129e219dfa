using System.Numerics;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>Number of successes in some trials.</summary>
public readonly struct BinomialLaw<TReal>(long trials, TReal probability) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => true;

    /// <inheritdoc/>
    public double Sample(Rng rng) => rng.NextBinomial(trials, Law.Value(probability));

    /// <inheritdoc/>
    public TReal LogProb(double value)
    {
        if (!(value >= 0 && value <= trials && value == Math.Floor(value)))
        {
            return Law.Outside<TReal>(value);
        }

        TReal sum = TReal.CreateTruncating(value > 0 && value < trials ? SpecialFunctions.LogBinomial(trials, value) : 0);
        sum += value > 0 ? TReal.CreateTruncating(value) * TReal.Log(probability) : TReal.Zero;
        return value < trials ? sum + (TReal.CreateTruncating(trials - value) * Law.Log1p(-probability)) : sum;
    }

    /// <inheritdoc/>
    public double FromNoise(double noise)
    {
        (double n, double p) = (trials, Law.Value(probability));
        return Noise.Count(noise, k => Below(k, n, p), k => Above(k, n, p), n);
    }

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng)
    {
        (double n, double p) = (trials, Law.Value(probability));
        return Noise.Within(Below(value - 1, n, p), Below(value, n, p), Above(value, n, p), Above(value - 1, n, p), rng);
    }

    // P(X <= k) and P(X > k), by the incomplete beta function.
    private static double Below(double k, double n, double p) => k < 0 || (p == 1 && k < n) ? 0 : k >= n || p == 0 ? 1 : SpecialFunctions.BetaRegularized(n - k, k + 1, 1 - p);

    private static double Above(double k, double n, double p) => k < 0 || (p == 1 && k < n) ? 1 : k >= n || p == 0 ? 0 : SpecialFunctions.BetaRegularized(k + 1, n - k, p);
}
