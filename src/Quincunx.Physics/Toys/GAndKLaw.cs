using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Numerics.Random;

namespace Quincunx.Physics.Toys;

/// <summary>The g-and-k distribution: a standard normal z becomes Q(z) = A + B q(z), q(z) = (1 + 0.8 tanh(g z / 2)) (1 + z²)^k z.</summary>
/// <remarks>Its density is that of z over dQ/dz, where z solves Q(z) = value. The root moves with the parameters: Newton's steps carry what the parameters carry. For k below 0, Q need not be increasing.</remarks>
internal readonly struct GAndKLaw<TReal>(TReal location, TReal scale, TReal skewness, TReal kurtosis) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    private const double Skew = 0.8, HalfLogTau = 0.91893853320467274178;

    // To 1e-3 in u, and from there the digits double.
    private const int Halvings = 14, Steps = 4;

    /// <inheritdoc/>
    public static bool IsDiscrete => false;

    /// <inheritdoc/>
    public double Sample(Rng rng) => FromNoise(rng.NextNormal());

    /// <inheritdoc/>
    public TReal LogProb(double value)
    {
        if (!double.IsFinite(value))
        {
            return Law.Outside<TReal>(value);
        }

        TReal z = Root(value);
        (_, TReal slope) = Curve(z, skewness, kurtosis);
        return (TReal.CreateTruncating(-0.5) * z * z) - TReal.CreateTruncating(HalfLogTau) - TReal.Log(scale) - TReal.Log(slope);
    }

    /// <inheritdoc/>
    public double FromNoise(double noise)
    {
        (double a, double b, double g, double k) = Plain();
        return a + (b * Curve(noise, g, k).Value);
    }

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng) => ToNoise(value);

    // By halving a bracket: q is increasing, and 0 at 0.
    private double ToNoise(double value)
    {
        (double a, double b, double g, double k) = Plain();
        double target = (value - a) / b, sign = target < 0 ? -1 : 1, far = sign;
        while (sign * Curve(far, g, k).Value < sign * target && Math.Abs(far) < 1e100)
        {
            far *= 2;
        }

        double near = 0, middle = 0.5 * far;
        while (middle != near && middle != far)
        {
            (near, far) = sign * Curve(middle, g, k).Value < sign * target ? (middle, far) : (near, middle);
            middle = 0.5 * (near + far);
        }

        return middle;
    }

    private (double Location, double Scale, double Skewness, double Kurtosis) Plain()
    {
        (double b, double k) = (Law.Value(scale), Law.Value(kurtosis));
        return b > 0 && k >= 0
            ? (Law.Value(location), b, Law.Value(skewness), k)
            : throw new ArgumentException($"A choice expected a positive scale and k of at least 0, got {b} and {k}.");
    }

    private TReal Root(double value)
    {
        if (typeof(TReal) == typeof(double))
        {
            return TReal.CreateTruncating(ToNoise(value));
        }

        // Hypotheses have roots of their own: each halves its bracket, without a question that all would have to answer alike. In u = asinh z, up to |z| = 1490.
        TReal target = TReal.Asinh((TReal.CreateTruncating(value) - location) / scale), half = TReal.CreateTruncating(0.5), huge = TReal.CreateTruncating(1e200);
        TReal lower = TReal.CreateTruncating(-8), upper = -lower;
        for (int halving = 0; halving < Halvings; halving++)
        {
            TReal middle = half * (lower + upper);
            TReal above = half + (half * TReal.Clamp((TReal.Asinh(Curve(TReal.Sinh(middle), skewness, kurtosis).Value) - target) * huge, -TReal.One, TReal.One));
            upper += above * (middle - upper);
            lower += (TReal.One - above) * (middle - lower);
        }

        // Newton's steps in asinh q, nearly a straight line in u where q is a power of z.
        TReal z = TReal.Sinh(half * (lower + upper));
        for (int step = 0; step < Steps; step++)
        {
            (TReal q, TReal slope) = Curve(z, skewness, kurtosis);
            z -= (TReal.Asinh(q) - target) * TReal.Sqrt(TReal.One + (q * q)) / slope;
        }

        return z;
    }

    // q and dq/dz.
    private static (T Value, T Slope) Curve<T>(T z, T skewness, T kurtosis)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T half = T.CreateTruncating(0.5), c = T.CreateTruncating(Skew), squares = T.One + (z * z);
        T t = T.Tanh(half * skewness * z), power = T.Exp(kurtosis * T.Log(squares)), skewed = T.One + (c * t);
        T slope = (skewed * (T.One + ((kurtosis + kurtosis + T.One) * z * z)) / squares) + (half * c * skewness * z * (T.One - (t * t)));
        return (skewed * power * z, power * slope);
    }
}
