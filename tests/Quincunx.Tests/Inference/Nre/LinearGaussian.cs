using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Nre;

/// <summary>theta ~ N(0, I), x ~ N(theta, I) in d dimensions: x ~ N(0, 2 I), and the posterior is N(x / 2, I / 2).</summary>
internal static class LinearGaussian
{
    public static IDistribution Prior(int d) => new IndependentProduct([.. Enumerable.Range(0, d).Select(i => ($"theta_{i}", (IDistribution)new Normal(0, 1)))]);

    public static (double[] Thetas, double[] Xs) Draw(int d, int count, Rng rng)
    {
        double[] thetas = new double[count * d], xs = new double[count * d];
        rng.Split("theta").FillNormal(thetas);
        rng.Split("x").FillNormal(xs);
        for (int i = 0; i < xs.Length; i++)
        {
            xs[i] += thetas[i];
        }

        return (thetas, xs);
    }

    public static (double[] Mean, double[] Covariance) Posterior(double[] x)
    {
        double[] covariance = new double[x.Length * x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            covariance[i * (x.Length + 1)] = 0.5;
        }

        return ([.. x.Select(v => 0.5 * v)], covariance);
    }

    /// <summary>log p(x | theta) / p(x).</summary>
    public static double LogRatio(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        double log = 0.5 * x.Length * Math.Log(2);
        for (int i = 0; i < x.Length; i++)
        {
            double off = x[i] - theta[i];
            log += (0.25 * x[i] * x[i]) - (0.5 * off * off);
        }

        return log;
    }
}
