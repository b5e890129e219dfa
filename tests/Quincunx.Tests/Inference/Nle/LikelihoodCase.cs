using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Nle;

/// <summary>A simulator whose likelihood is known.</summary>
internal sealed record LikelihoodCase(IDistribution Prior, int Features, Action<double[], double[], Rng> Simulate, Func<double[], double[], double> LogLikelihood)
{
    public const int Rows = 20;

    /// <summary>The bin of a ball on a Galton board: Binomial(20, theta).</summary>
    public static LikelihoodCase Galton { get; } = new(
        Named(new Uniform(0, 1)), 1,
        (theta, x, rng) => x[0] = Enumerable.Range(0, Rows).Count(_ => rng.NextDouble() < theta[0]),
        (theta, x) => LogChoose(Rows, x[0]) + (x[0] * Math.Log(theta[0])) + ((Rows - x[0]) * Math.Log(1 - theta[0])));

    /// <summary>The second feature is a coin of chance theta, the first N(theta + 2 coin, 0.5²).</summary>
    public static LikelihoodCase Mixed { get; } = new(
        Named(new Uniform(0, 1)), 2,
        (theta, x, rng) =>
        {
            x[1] = rng.NextDouble() < theta[0] ? 1 : 0;
            x[0] = theta[0] + (2 * x[1]) + (0.5 * rng.NextNormal());
        },
        (theta, x) => Math.Log(x[1] == 1 ? theta[0] : 1 - theta[0]) + SpecialFunctions.NormalLogPdf((x[0] - theta[0] - (2 * x[1])) / 0.5) - Math.Log(0.5));

    /// <summary>Poisson counts of some hundreds.</summary>
    public static LikelihoodCase Counts { get; } = new(
        Named(new Uniform(200, 600)), 1,
        (theta, x, rng) => x[0] = rng.NextPoisson(theta[0]),
        (theta, x) => (x[0] * Math.Log(theta[0])) - theta[0] - SpecialFunctions.LogGamma(x[0] + 1));

    /// <summary>x ~ N(theta, 0.5²) with a standard normal prior.</summary>
    public static LikelihoodCase Gaussian(int dimension) => new(
        new IndependentProduct([.. Enumerable.Range(0, dimension).Select(j => ($"theta_{j}", (IDistribution)new Normal(0, 1)))]), dimension,
        (theta, x, rng) =>
        {
            for (int j = 0; j < dimension; j++)
            {
                x[j] = theta[j] + (0.5 * rng.NextNormal());
            }
        },
        (theta, x) => theta.Zip(x).Sum(p => SpecialFunctions.NormalLogPdf((p.Second - p.First) / 0.5) - Math.Log(0.5)));

    /// <summary>Pairs of prior and simulator.</summary>
    public (double[] Thetas, double[] Xs) Draw(int count, Rng rng)
    {
        int d = Prior.Dimension;
        double[] thetas = new double[count * d], xs = new double[count * Features], theta = new double[d], x = new double[Features];
        for (int i = 0; i < count; i++)
        {
            Prior.Sample(theta, rng);
            Simulate(theta, x, rng);
            theta.CopyTo(thetas, i * d);
            x.CopyTo(xs, i * Features);
        }

        return (thetas, xs);
    }

    private static IndependentProduct Named(IDistribution distribution) => new(("theta", distribution));

    private static double LogChoose(int n, double k) => SpecialFunctions.LogGamma(n + 1) - SpecialFunctions.LogGamma(k + 1) - SpecialFunctions.LogGamma(n - k + 1);
}
