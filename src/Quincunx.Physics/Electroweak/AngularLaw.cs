using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Physics.Electroweak;

/// <summary>The cosine of the angle of a fermion pair from a vector boson: density 3/8 (1 + c²) + A c on [−1, 1], with A the forward-backward asymmetry.</summary>
internal readonly struct AngularLaw<TReal>(TReal asymmetry) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => false;

    /// <inheritdoc/>
    public double Sample(Rng rng)
    {
        double a = Asymmetry();

        // |c| has density 3/4 (1 + c²), whose distribution function (c³ + 3c) / 4 is inverted by sinh 3y = 4 sinh³ y + 3 sinh y; given |c|, the sign is a coin.
        double size = 2 * Math.Sinh(Math.Asinh(2 * rng.NextDouble()) / 3);
        double forward = 0.5 * (1 + (8 * a * size / (3 * (1 + (size * size)))));
        return rng.NextDouble() < forward ? size : -size;
    }

    /// <inheritdoc/>
    public TReal LogProb(double value) => value is >= -1 and <= 1
        ? TReal.Log(TReal.CreateTruncating(0.375 * (1 + (value * value))) + (asymmetry * TReal.CreateTruncating(value)))
        : Law.Outside<TReal>(value);

    /// <inheritdoc/>
    public double FromNoise(double noise)
    {
        // From the side whose tail has its digits; the density of −c is that of −A.
        double a = Asymmetry(), tail = SpecialFunctions.NormalCdf(-Math.Abs(noise)), side = noise < 0 ? a : -a;
        (double low, double high) = (-1, 1);
        while (low < 0.5 * (low + high) && 0.5 * (low + high) < high)
        {
            double middle = 0.5 * (low + high);
            (low, high) = Below(middle, side) < tail ? (middle, high) : (low, middle);
        }

        return noise < 0 ? high : -high;
    }

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng)
    {
        double a = Asymmetry();
        return Law.Noise(Below(value, a), Below(-value, -a));
    }

    // ∫ from -1 to c, with the factor 1 + c taken out so that it keeps its digits there.
    private static double Below(double c, double a) => (1 + c) * (((c * c) - c + 4 - (4 * a) + (4 * a * c)) / 8);

    private double Asymmetry()
    {
        double a = Law.Value(asymmetry);
        return Math.Abs(a) <= 0.75 ? a : throw new ArgumentException($"A choice expected an asymmetry from -0.75 to 0.75, got {a}.");
    }
}
