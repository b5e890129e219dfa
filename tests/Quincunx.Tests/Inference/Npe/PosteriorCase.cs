using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Npe;

/// <summary>A problem whose posterior is known, and how much a network may miss it by.</summary>
internal sealed record PosteriorCase
{
    public required string Name { get; init; }

    public required IDistribution Prior { get; init; }

    /// <summary>Length of x.</summary>
    public required int Features { get; init; }

    /// <summary>theta in, x out.</summary>
    public required Action<double[], double[], Rng> Simulate { get; init; }

    /// <summary>log p(theta | x), exact.</summary>
    public required Func<double[], double[], double> LogPosterior { get; init; }

    /// <summary>Exact mean and covariance at x, row-major.</summary>
    public required Func<double[], (double[] Mean, double[] Covariance)> Moments { get; init; }

    public required double[][] Observations { get; init; }

    public required NeuralPosteriorOptions Network { get; init; }

    public (double[] Thetas, double[] Xs) Draw(int count, Rng rng)
    {
        int d = Prior.Dimension;
        double[] thetas = new double[count * d], xs = new double[count * Features], theta = new double[d], x = new double[Features];
        for (int i = 0; i < count; i++)
        {
            Rng own = rng.Split(i);
            Prior.Sample(theta, own);
            Simulate(theta, x, own);
            theta.CopyTo(thetas, i * d);
            x.CopyTo(xs, i * Features);
        }

        return (thetas, xs);
    }
}
