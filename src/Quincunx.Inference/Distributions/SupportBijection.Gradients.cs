using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Distributions;

/// <content>Derivatives along the map.</content>
public sealed partial class SupportBijection
{
    /// <summary>From the gradient of f with respect to theta to that of f(theta(z)) + log |d theta / d z| with respect to z.</summary>
    /// <param name="z">Shape <c>[Dimension]</c>.</param>
    /// <param name="gradient">Shape <c>[Dimension]</c>; overwritten.</param>
    internal void PullBack(ReadOnlySpan<double> z, Span<double> gradient)
    {
        for (int i = 0; i < z.Length; i++)
        {
            Support s = _supports[i];
            if (!HasLower(s) && !HasUpper(s))
            {
                continue;
            }

            // The slope is log-linear at a single end; between two, d/dz (-|z| - 2 log(1 + e^-|z|)) = 1 - 2 sigmoid(z).
            double ofLogSlope = HasLower(s) && HasUpper(s) ? 1 - (2 * SpecialFunctions.Sigmoid(z[i])) : HasLower(s) ? 1 : -1;
            gradient[i] = (gradient[i] * Math.Exp(LogSlope(s, z[i]))) + ofLogSlope;
        }
    }

    /// <summary>dz / d theta of one coordinate, at z.</summary>
    internal double SlopeToUnconstrained(int coordinate, double z) => Math.Exp(-LogSlope(_supports[coordinate], z));
}
