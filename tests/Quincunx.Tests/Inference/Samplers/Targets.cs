using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Samplers;

/// <summary>Targets whose moments are known, with exact draws.</summary>
internal static class Targets
{
    /// <summary>z₀ = e₀, zⱼ = ρ zⱼ₋₁ + √(1 - ρ²) eⱼ with standard normal e: unit variances, correlation ρ^|i - j|.</summary>
    public static GradientFunctionTarget Gaussian(int d, double rho = 0)
    {
        double s = Math.Sqrt(1 - (rho * rho));
        return new GradientFunctionTarget(d, (z, gradient) =>
        {
            double log = 0;
            gradient.Clear();
            for (int j = 0; j < d; j++)
            {
                double scale = j == 0 ? 1 : s, r = (z[j] - (j == 0 ? 0 : rho * z[j - 1])) / scale;
                log -= 0.5 * r * r;
                gradient[j] -= r / scale;
                if (j > 0)
                {
                    gradient[j - 1] += rho * r / scale;
                }
            }

            return log;
        });
    }

    public static void DrawGaussian(Span<double> z, Rng rng, double rho)
    {
        rng.FillNormal(z);
        for (int j = 1; j < z.Length; j++)
        {
            z[j] = (rho * z[j - 1]) + (Math.Sqrt(1 - (rho * rho)) * z[j]);
        }
    }

    /// <summary>z₀ ~ N(0, 1), z₁ ~ N(z₀² - 1, 1): E z₁ = 0, E z₁² = 3, E z₀² z₁ = 2.</summary>
    public static GradientFunctionTarget Banana() => new(2, (z, gradient) =>
    {
        double r = z[1] - (z[0] * z[0]) + 1;
        gradient[0] = -z[0] + (r * 2 * z[0]);
        gradient[1] = -r;
        return -0.5 * ((z[0] * z[0]) + (r * r));
    });

    public static void DrawBanana(Span<double> z, Rng rng)
    {
        z[0] = rng.NextNormal();
        z[1] = (z[0] * z[0]) - 1 + rng.NextNormal();
    }

    /// <summary>Neal's funnel, centred: v ~ N(0, 3²), the others N(0, exp(v)).</summary>
    public static GradientFunctionTarget Funnel(int d) => new(d, (z, gradient) =>
    {
        double v = z[0], log = -v * v / 18, precision = Math.Exp(-v);
        gradient[0] = -v / 9;
        for (int j = 1; j < d; j++)
        {
            double square = z[j] * z[j] * precision;
            log -= 0.5 * (square + v);
            gradient[0] += 0.5 * (square - 1);
            gradient[j] = -z[j] * precision;
        }

        return log;
    });

    /// <summary>Starts drawn from the target itself, shape <c>[chains, d]</c>.</summary>
    public static double[] Exact(int chains, int d, Rng rng, Action<Span<double>, Rng> draw)
    {
        double[] starts = new double[chains * d];
        for (int c = 0; c < chains; c++)
        {
            draw(starts.AsSpan(c * d, d), rng.Split(c));
        }

        return starts;
    }

    /// <summary>Uniform on [-2, 2]: apart from each other, and not in the target's bulk.</summary>
    public static double[] Apart(int chains, int d, Rng rng) => Exact(chains, d, rng, (z, own) =>
    {
        for (int j = 0; j < z.Length; j++)
        {
            z[j] = own.NextUniform(-2, 2);
        }
    });
}
