using System.Numerics;
using MathNet.Numerics.RootFinding;
using Quincunx.Inference.Mechanisms;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Causal;

/// <summary>The law of a variable given its causes: what its equation makes of standard normal noise.</summary>
internal readonly ref struct EquationLaw<TReal>(StructuralEquation equation, ReadOnlySpan<double> parents) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    private readonly ReadOnlySpan<double> _parents = parents;

    public static bool IsDiscrete => false;

    public double Sample(Rng rng) => FromNoise(rng.NextNormal());

    public double FromNoise(double noise) => equation(_parents, noise);

    // log φ(e) - log |dx/de|: the change of variables.
    public TReal LogProb(double value)
    {
        double noise = Inverse(value);
        return TReal.CreateTruncating(double.IsNaN(noise) ? double.NegativeInfinity : SpecialFunctions.NormalLogPdf(noise) - Math.Log(Math.Abs(Slope(noise))));
    }

    /// <exception cref="InvalidOperationException">No noise gives the value.</exception>
    public double ToNoise(double value, Rng rng)
    {
        double noise = Inverse(value);
        return !double.IsNaN(noise) ? noise : throw new InvalidOperationException($"No noise makes a structural equation give {value} at the causes ({string.Join(", ", _parents.ToArray())}).");
    }

    private double Slope(double noise)
    {
        double step = 1e-4 * (1 + Math.Abs(noise));
        return (FromNoise(noise + step) - FromNoise(noise - step)) / (2 * step);
    }

    // Newton's steps, exact at once for a linear equation; a bracket where they fail. NaN if there is none.
    private double Inverse(double value)
    {
        double noise = 0, scale = 1e-14 * (1 + Math.Abs(value));
        for (int step = 0; step < 40; step++)
        {
            double difference = FromNoise(noise) - value;
            if (Math.Abs(difference) <= scale)
            {
                return noise;
            }

            noise -= difference / Slope(noise);
            if (!double.IsFinite(noise))
            {
                break;
            }
        }

        double[] causes = _parents.ToArray();
        StructuralEquation f = equation;
        Func<double, double> error = e => f(causes, e) - value;
        for (double width = 1; width < 1e9; width *= 4)
        {
            if (error(-width) * error(width) <= 0)
            {
                return Brent.TryFindRoot(error, -width, width, accuracy: 1e-14, maxIterations: 500, out double root) ? root : double.NaN;
            }
        }

        return double.NaN;
    }
}
