using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Tests.Inference.Simulation;

namespace Quincunx.Tests.Inference.Restriction;

/// <summary>theta uniform on [-2, 2]², x ~ N(theta, 0.3² 1), and no x within 1.2 of the middle.</summary>
internal static class Disc
{
    public const double Radius = 1.2, Sd = 0.3, FailedShare = Math.PI * Radius * Radius / 16;

    public static IDistribution Prior { get; } = new Box([-2, -2], [2, 2]);

    public static ISimulator Simulator { get; } = new StubSimulator(2, 2, (theta, x, rng) =>
    {
        for (int i = 0; i < 2; i++)
        {
            x[i] = Fails(theta) ? double.NaN : theta[i] + (Sd * rng.NextNormal());
        }
    });

    public static bool Fails(ReadOnlySpan<double> theta) => (theta[0] * theta[0]) + (theta[1] * theta[1]) < Radius * Radius;

    /// <summary>Mean and covariance (row-major) of the posterior given success: normal about x, on the square without the disc. By the midpoint rule.</summary>
    public static (double[] Mean, double[] Covariance) Posterior(double[] x)
    {
        const int Side = 1000;
        double mass = 0;
        double[] first = new double[2], second = new double[4], theta = new double[2];
        for (int i = 0; i < Side * Side; i++)
        {
            (theta[0], theta[1]) = (-2 + (4 * ((i % Side) + 0.5) / Side), -2 + (4 * ((i / Side) + 0.5) / Side));
            double square = Math.Pow(theta[0] - x[0], 2) + Math.Pow(theta[1] - x[1], 2), weight = Fails(theta) ? 0 : Math.Exp(-0.5 * square / (Sd * Sd));
            mass += weight;
            for (int j = 0; j < 2; j++)
            {
                first[j] += weight * theta[j];
                second[(2 * j) + 0] += weight * theta[j] * theta[0];
                second[(2 * j) + 1] += weight * theta[j] * theta[1];
            }
        }

        double[] mean = [first[0] / mass, first[1] / mass];
        return (mean, [.. Enumerable.Range(0, 4).Select(i => (second[i] / mass) - (mean[i / 2] * mean[i % 2]))]);
    }
}
