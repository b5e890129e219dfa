using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using static Quincunx.Tests.Inference.Samplers.Moments;

namespace Quincunx.Tests.Inference.Samplers;

/// <summary>Eight schools (Rubin 1981) without centring, with flat priors of mu and tau, against quadrature.</summary>
public sealed class EightSchoolsTests
{
    private static readonly double[] Effects = [28, 8, -3, 7, -1, 1, 18, 12], Errors = [15, 10, 16, 11, 9, 11, 10, 18];

    // mu, log tau, eta₁ to eta₈; effect j is mu + tau etaⱼ, and tau contributes its logarithm from the change of coordinates.
    private static readonly GradientFunctionTarget Schools = new(10, (z, gradient) =>
    {
        double mu = z[0], tau = Math.Exp(z[1]), log = z[1];
        (gradient[0], gradient[1]) = (0, 1);
        for (int j = 0; j < 8; j++)
        {
            double eta = z[2 + j], r = (Effects[j] - mu - (tau * eta)) / Errors[j];
            log -= 0.5 * ((eta * eta) + (r * r));
            gradient[0] += r / Errors[j];
            gradient[1] += r * tau * eta / Errors[j];
            gradient[2 + j] = (r * tau / Errors[j]) - eta;
        }

        return log;
    });

    // Given tau all is Gaussian: mu is the mean of eight measurements with variances tau² + σⱼ², and the density of tau is their evidence.
    [Fact]
    public void Nuts_Moments_AreThoseOfQuadrature()
    {
        ChainResult result = Nuts.Run(Schools, ChainStarts.Uniform(Schools, 4, new Rng(1)), new Rng(2), new NutsOptions { Draws = 2_000 });
        (double mu, double share) = ByQuadrature();

        AssertMean(result, mu, z => z[0]);
        AssertMean(result, share, z => Math.Exp(z[1]) < 5 ? 1 : 0);
    }

    private static (double Mu, double ShareBelowFive) ByQuadrature()
    {
        double total = 0, mu = 0, below = 0;

        // The midpoint rule in tau up to 400, beyond which the density falls with tau⁻⁷.
        for (int i = 0; i < 40_000; i++)
        {
            double tau = (i + 0.5) * 0.01, precision = 0, mean = 0, log = 0;
            for (int j = 0; j < 8; j++)
            {
                double variance = (tau * tau) + (Errors[j] * Errors[j]);
                precision += 1 / variance;
                mean += Effects[j] / variance;
            }

            mean /= precision;
            for (int j = 0; j < 8; j++)
            {
                double sd = Math.Sqrt((tau * tau) + (Errors[j] * Errors[j]));
                log += SpecialFunctions.NormalLogPdf((Effects[j] - mean) / sd) - Math.Log(sd);
            }

            double weight = Math.Exp(log - (0.5 * Math.Log(precision)));
            total += weight;
            mu += weight * mean;
            below += tau < 5 ? weight : 0;
        }

        return (mu / total, below / total);
    }
}
