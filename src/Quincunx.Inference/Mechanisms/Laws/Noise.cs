using MathNet.Numerics.RootFinding;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>Values of a distribution against standard normal noise, both tails with their digits.</summary>
internal static class Noise
{
    /// <summary>The noise at which a share <paramref name="below"/> lies below and <paramref name="above"/> above.</summary>
    public static double Of(double below, double above) => below < above ? SpecialFunctions.NormalQuantile(below) : -SpecialFunctions.NormalQuantile(above);

    /// <summary>One of the noises between two such points, from the standard normal between them.</summary>
    public static double Within(double belowLower, double belowUpper, double aboveUpper, double aboveLower, Rng rng)
    {
        double u = rng.NextOpenDouble();
        return Of(belowLower + (u * (belowUpper - belowLower)), aboveUpper + ((1 - u) * (aboveLower - aboveUpper)));
    }

    /// <summary>The x at which an increasing noise function reaches a noise.</summary>
    /// <param name="isPositive">x is positive and searched on a logarithmic scale; otherwise it is any number.</param>
    /// <param name="guess">Somewhere near.</param>
    public static double Invert(double noise, Func<double, double> noiseOf, bool isPositive, double guess)
    {
        double start = isPositive ? Math.Log(guess) : guess;
        double width = 1, low = start, high = start;
        while (Difference(low) > 0 && width < 1e9)
        {
            (low, width) = (low - width, width * 2);
        }

        width = 1;
        while (Difference(high) < 0 && width < 1e9)
        {
            (high, width) = (high + width, width * 2);
        }

        double root = low == high ? low : Brent.FindRoot(Difference, low, high, accuracy: 1e-15, maxIterations: 200);
        return At(root);

        double At(double t) => isPositive ? Math.Exp(t) : t;

        // Where a tail underflows, noise is infinite; any large number will do for a bracket.
        double Difference(double t) => Math.Clamp(noiseOf(At(t)), -40, 40) - noise;
    }

    /// <summary>The smallest whole number that a share Φ(noise) does not exceed.</summary>
    public static double Count(double noise, Func<double, double> below, Func<double, double> above, double most)
    {
        double high = 1;
        while (high < most && Of(below(high), above(high)) < noise)
        {
            high *= 2;
        }

        double low = -1;
        high = Math.Min(high, most);
        while (high - low > 1)
        {
            double middle = Math.Floor(0.5 * (low + high));
            (low, high) = Of(below(middle), above(middle)) < noise ? (middle, high) : (low, middle);
        }

        return high;
    }
}
