using Quincunx.Numerics.Special;

namespace Quincunx.Numerics.Random;

public sealed partial class Rng
{
    /// <summary>Uniform on (0, 1): the odd multiples of 2⁻⁵³, so neither end occurs and the mean is exactly 1/2.</summary>
    public double NextOpenDouble() => ((NextUInt64() >> 12) + 0.5) * (1.0 / (1UL << 52));

    /// <summary>Uniform between two finite numbers; rounding may return either.</summary>
    /// <exception cref="ArgumentException">An end is not finite, or the ends are in the wrong order.</exception>
    public double NextUniform(double lower, double upper)
    {
        if (!double.IsFinite(lower) || !double.IsFinite(upper) || lower > upper)
        {
            throw new ArgumentException($"Expected finite ends in order, got [{lower}, {upper}].");
        }

        double u = NextOpenDouble();
        double width = upper - lower;
        double x = double.IsFinite(width) ? lower + width * u : lower * (1 - u) + upper * u;
        return Math.Clamp(x, lower, upper);
    }

    /// <summary>Standard normal, by the ziggurat (Marsaglia and Tsang 2000).</summary>
    /// <remarks>Layer, sign and position use separate bits of a word, so they do not depend on each other (Doornik 2005).</remarks>
    public double NextNormal()
    {
        double[] width = Ziggurat.Width;
        while (true)
        {
            ulong bits = NextUInt64();
            int layer = (int)(bits & 255);
            double x = (bits >> 11) * (1.0 / (1UL << 53)) * width[layer];
            if (x < width[layer + 1] || (layer == 0 ? FromTail(out x) : IsUnderCurve(layer, x)))
            {
                return (bits & 256) == 0 ? x : -x;
            }
        }
    }

    /// <summary>Standard exponential (mean 1); positive.</summary>
    public double NextExponential() => -Math.Log(NextOpenDouble());

    /// <summary>Gamma with the given shape and scale 1.</summary>
    /// <remarks>
    /// Marsaglia and Tsang 2000, ACM Trans. Math. Softw. 26, 363. A draw below the smallest positive number (likely for shapes
    /// under 0.01) is returned as that number; <see cref="NextLogGamma"/> keeps it.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shape"/> is not positive and finite.</exception>
    public double NextGamma(double shape)
    {
        CheckPositive(shape, nameof(shape));
        return shape >= 1 ? GammaAboveOne(shape) : Math.Max(Math.Exp(LogGammaBelowOne(shape)), double.Epsilon);
    }

    /// <summary>Logarithm of a gamma draw, finite even where the draw itself would underflow.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shape"/> is not positive and finite.</exception>
    public double NextLogGamma(double shape)
    {
        CheckPositive(shape, nameof(shape));
        return shape >= 1 ? Math.Log(GammaAboveOne(shape)) : LogGammaBelowOne(shape);
    }

    /// <summary>Beta, as the share of one gamma draw in two; rounded into the open interval (0, 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A shape is not positive and finite.</exception>
    public double NextBeta(double a, double b)
    {
        CheckPositive(a, nameof(a));
        CheckPositive(b, nameof(b));
        double x;
        if (Math.Min(a, b) >= 1)
        {
            double first = GammaAboveOne(a);
            x = first / (first + GammaAboveOne(b));
        }
        else
        {
            // In logarithms, as both gamma draws may underflow.
            double first = NextLogGamma(a);
            x = SpecialFunctions.Sigmoid(first - NextLogGamma(b));
        }

        return Math.Clamp(x, double.Epsilon, Math.BitDecrement(1.0));
    }

    /// <summary>Student's t with unit scale; normal for infinite degrees of freedom.</summary>
    /// <remarks>Below about 0.05 degrees of freedom draws overflow to infinity now and then, as the law demands.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="degreesOfFreedom"/> is not positive.</exception>
    public double NextStudentT(double degreesOfFreedom)
    {
        if (double.IsPositiveInfinity(degreesOfFreedom))
        {
            return NextNormal();
        }

        CheckPositive(degreesOfFreedom, nameof(degreesOfFreedom));
        double half = 0.5 * degreesOfFreedom;
        double normal = NextNormal();
        return half >= 1
            ? normal * Math.Sqrt(half / GammaAboveOne(half))
            : normal * Math.Exp(0.5 * (Math.Log(half) - LogGammaBelowOne(half)));
    }

    /// <summary>Multivariate normal <c>mean + L z</c> from the lower Cholesky factor L of its covariance.</summary>
    /// <param name="mean">Shape <c>[n]</c>.</param>
    /// <param name="cholesky">Shape <c>[n, n]</c>, row-major; entries above the diagonal are not read.</param>
    /// <param name="x">Shape <c>[n]</c>; may not overlap the others.</param>
    /// <exception cref="ArgumentException">Lengths do not agree.</exception>
    public void NextMultivariateNormal(ReadOnlySpan<double> mean, ReadOnlySpan<double> cholesky, Span<double> x)
    {
        int n = mean.Length;
        if (x.Length != n || cholesky.Length != n * n)
        {
            throw new ArgumentException($"Expected shapes [{n}], [{n}, {n}] and [{n}], got lengths {n}, {cholesky.Length} and {x.Length}.");
        }

        FillNormal(x);
        for (int i = n - 1; i >= 0; i--)        // from below, so that x still holds the z that rows above need
        {
            double sum = mean[i];
            for (int j = 0; j <= i; j++)
            {
                sum += cholesky[i * n + j] * x[j];
            }

            x[i] = sum;
        }
    }

    /// <summary>Independent uniforms on [0, 1); the same numbers as that many calls of <see cref="NextDouble"/>.</summary>
    public void FillUniform(Span<double> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = NextDouble();
        }
    }

    /// <summary>Independent standard normals; the same numbers as that many calls of <see cref="NextNormal"/>.</summary>
    public void FillNormal(Span<double> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = NextNormal();
        }
    }

    /// <summary>Independent standard normals, those of the float64 overload rounded.</summary>
    public void FillNormal(Span<float> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (float)NextNormal();
        }
    }

    private static void CheckPositive(double value, string name)
    {
        // Smaller shapes would overflow the logarithm of a draw.
        if (!(value >= 1e-300) || double.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "Expected a positive, finite number (at least 1e-300).");
        }
    }

    private bool IsUnderCurve(int layer, double x)
    {
        double[] height = Ziggurat.Height;
        return height[layer] + NextDouble() * (height[layer + 1] - height[layer]) < Math.Exp(-0.5 * x * x);
    }

    // Marsaglia 1964: an exponential with the edge's rate, thinned to the normal tail.
    private bool FromTail(out double x)
    {
        double excess;
        do
        {
            excess = NextExponential() / Ziggurat.Edge;
        }
        while (2 * NextExponential() < excess * excess);

        x = Ziggurat.Edge + excess;
        return true;
    }

    private double GammaAboveOne(double shape)
    {
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double z = NextNormal(), y = c * z;
            if (y <= -1)
            {
                continue;
            }

            double v = (1 + y) * (1 + y) * (1 + y);
            double u = NextOpenDouble();
            // The squeeze first; then the exact test. d (1 - v + log v) is written with log1p, as 1 - v cancels for large shapes.
            if (u < 1 - 0.0331 * (z * z) * (z * z)
                || Math.Log(u) < 0.5 * z * z + d * (3 * (SpecialFunctions.Log1p(y) - y) - y * y * (3 + y)))
            {
                return d * v;
            }
        }
    }

    // Γ(a) = Γ(a + 1) U^(1/a) in law.
    private double LogGammaBelowOne(double shape) => Math.Log(GammaAboveOne(shape + 1)) - NextExponential() / shape;
}
