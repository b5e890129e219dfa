using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Pilots;

/// <summary>The estimate at one observation: a change of variables, and what the network sees of it.</summary>
/// <remarks>
/// <para>
/// From the last parameter to the first, each is normal given those after it, with mean μⱼ = mⱼ − Σ_{i&gt;j} (Lᵢⱼ / Lⱼⱼ) (θᵢ − mᵢ) and deviation sⱼ = 1 / Lⱼⱼ. Cut off at the ends of its interval, it has the distribution function F, and wⱼ = Φ⁻¹(F(θⱼ)): the transformation of
/// Rosenblatt (1952, Ann. Math. Stat. 23, 470) of normals cut off one after the other. It maps the inside of the prior's support onto ℝᵈ, is w = Lᵀ (θ − m) far from the edges, and one of a uniform law where the estimate says nothing.
/// </para>
/// <para>Its memory serves one observation after the other; not for several threads.</para>
/// </remarks>
internal sealed class PilotFrame(IPilot pilot, IReadOnlyList<Support> supports)
{
    private readonly double[] _location = new double[pilot.Dimension], _factor = new double[pilot.Dimension * pilot.Dimension];

    /// <summary>Numbers that the network sees: m, the logarithms of L's diagonal, the rest of L over the diagonal of its column, and the pilot's summaries.</summary>
    public static int Context(IPilot pilot) => pilot.Dimension + (pilot.Dimension * (pilot.Dimension + 1) / 2) + pilot.Summaries;

    /// <param name="x">Shape <c>[pilot.Features]</c>.</param>
    /// <param name="context">Shape <c>[Context]</c>; overwritten.</param>
    /// <exception cref="ArgumentException">The pilot's numbers are not finite, or the diagonal of its factor is not positive.</exception>
    public void Become(ReadOnlySpan<double> x, Span<double> context)
    {
        int d = pilot.Dimension, at = d;
        pilot.Estimate(x, _location, _factor, context[^pilot.Summaries..]);
        _location.CopyTo(context);
        for (int j = 0; j < d; j++)
        {
            double diagonal = _factor[(j * d) + j];
            if (!(diagonal > 0))
            {
                throw new ArgumentException($"Expected a factor with a positive diagonal, the pilot gave {diagonal:R} as number {j} of it.");
            }

            context[at++] = Math.Log(diagonal);
            for (int i = j + 1; i < d; i++)
            {
                context[at++] = _factor[(i * d) + j] / diagonal;
            }
        }

        int wrong = context.IndexOfAnyExceptInRange(-double.MaxValue, double.MaxValue);
        if (wrong >= 0)
        {
            throw new ArgumentException($"Expected a pilot's finite numbers, got {context[wrong]:R} as number {wrong} of location, factor and summaries.");
        }
    }

    /// <summary>From parameters to w.</summary>
    /// <param name="theta">Shape <c>[d]</c>, inside the support.</param>
    /// <param name="w">Shape <c>[d]</c>; overwritten, not <paramref name="theta"/>.</param>
    /// <returns>log |det ∂w / ∂theta|.</returns>
    public double ToLocal(ReadOnlySpan<double> theta, Span<double> w)
    {
        int d = _location.Length;
        double logAbsDet = 0;
        for (int j = 0; j < d; j++)
        {
            // A point on an edge, which has probability zero, counts as just inside.
            double mean = Mean(theta, j), scale = _factor[(j * d) + j], at = (supports[j].RoundInside(theta[j]) - mean) * scale;
            double low = (supports[j].Lower - mean) * scale, high = (supports[j].Upper - mean) * scale;
            double log = SpecialFunctions.NormalLogInterval(low, high);
            double below = SpecialFunctions.NormalLogInterval(low, at) - log, above = SpecialFunctions.NormalLogInterval(at, high) - log;
            w[j] = below < above ? Quantile(below) : -Quantile(above);
            logAbsDet += SpecialFunctions.NormalLogPdf(at) + Math.Log(scale) - log - SpecialFunctions.NormalLogPdf(w[j]);
        }

        return logAbsDet;
    }

    /// <summary>From w to parameters.</summary>
    /// <param name="w">Shape <c>[d]</c>.</param>
    /// <param name="theta">Shape <c>[d]</c>, overwritten with a point inside the support; may be w.</param>
    /// <returns>log |det ∂theta / ∂w|.</returns>
    public double FromLocal(ReadOnlySpan<double> w, Span<double> theta)
    {
        int d = _location.Length;
        double logAbsDet = 0;
        for (int j = d - 1; j >= 0; j--)
        {
            double mean = Mean(theta, j), scale = _factor[(j * d) + j];
            double low = (supports[j].Lower - mean) * scale, high = (supports[j].Upper - mean) * scale;
            double log = SpecialFunctions.NormalLogInterval(low, high);
            double below = LogSum(SpecialFunctions.NormalLogCdf(low), log + SpecialFunctions.NormalLogCdf(w[j]));
            double above = LogSum(SpecialFunctions.NormalLogCdf(-high), log + SpecialFunctions.NormalLogCdf(-w[j]));
            double at = below < above ? Quantile(below) : -Quantile(above);
            logAbsDet += log + SpecialFunctions.NormalLogPdf(w[j]) - SpecialFunctions.NormalLogPdf(at) - Math.Log(scale);
            theta[j] = supports[j].RoundInside(mean + (at / scale));
        }

        return logAbsDet;
    }

    // Of parameter j given those after it.
    private double Mean(ReadOnlySpan<double> theta, int j)
    {
        int d = _location.Length;
        double sum = 0;
        for (int i = j + 1; i < d; i++)
        {
            sum += _factor[(i * d) + j] * (theta[i] - _location[i]);
        }

        return _location[j] - (sum / _factor[(j * d) + j]);
    }

    // Φ⁻¹ of a probability at most 1/2 given by its logarithm. Where the probability itself is no number, by Newton's method on log Φ, which is concave: from the left it never overshoots.
    private static double Quantile(double log)
    {
        // Nothing is left between a point and the edge that rounding put it on: the smallest probability that is a number.
        log = double.IsNegativeInfinity(log) ? Math.Log(double.Epsilon) : log;
        if (log > -600)
        {
            return SpecialFunctions.NormalQuantile(Math.Exp(log));
        }

        double x = -Math.Sqrt(-2 * log);
        for (int i = 0; i < 6; i++)
        {
            double value = SpecialFunctions.NormalLogCdf(x);
            x -= (value - log) * Math.Exp(value - SpecialFunctions.NormalLogPdf(x));
        }

        return x;
    }

    private static double LogSum(double a, double b)
    {
        double largest = Math.Max(a, b);
        return double.IsNegativeInfinity(largest) ? largest : largest + SpecialFunctions.Log1p(Math.Exp(Math.Min(a, b) - largest));
    }
}
