using System.Numerics;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>Student's t, shifted and scaled.</summary>
public readonly struct StudentTLaw<TReal>(TReal degreesOfFreedom, TReal location, TReal scale) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => false;

    /// <inheritdoc/>
    public double Sample(Rng rng)
    {
        double width = Law.Value(scale);
        Parameter.Check(width > 0 && double.IsFinite(width), width, "a positive, finite scale");
        return Law.Value(location) + (width * rng.NextStudentT(Law.Value(degreesOfFreedom)));
    }

    /// <inheritdoc/>
    public TReal LogProb(double value)
    {
        TReal half = TReal.CreateTruncating(0.5), above = (degreesOfFreedom + TReal.One) * half;
        TReal t = (TReal.CreateTruncating(value) - location) / scale;
        return Law.LogGamma(above) - Law.LogGamma(degreesOfFreedom * half) - (half * TReal.Log(TReal.Pi * degreesOfFreedom)) - TReal.Log(scale)
            - (above * Law.Log1p(t * t / degreesOfFreedom));
    }

    /// <inheritdoc/>
    public double FromNoise(double noise)
    {
        double degrees = Law.Value(degreesOfFreedom);
        return Law.Value(location) + (Law.Value(scale) * Noise.Invert(noise, t => OfStandard(t, degrees), isPositive: false, guess: 0));
    }

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng) => OfStandard((value - Law.Value(location)) / Law.Value(scale), Law.Value(degreesOfFreedom));

    private static double OfStandard(double t, double degrees) =>
        Noise.Of(SpecialFunctions.StudentTCdf(t, degrees), SpecialFunctions.StudentTCdf(-t, degrees));
}
