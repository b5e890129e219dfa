using Quincunx.Inference.Distributions;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Special;
using Quincunx.Physics.Toys;

namespace Quincunx.Tests.Inference.Npe;

/// <summary>Problems with exact posteriors, for every method of inference.</summary>
internal static class PosteriorCases
{
    private static readonly NeuralPosteriorOptions Small = new()
    {
        Flow = new FlowOptions { Transforms = 2, Hidden = 24, Blocks = 1, Bins = 8, Activation = Quincunx.Inference.Networks.Activation.Tanh },
    };

    private static readonly PosteriorCase[] Cases = [GaussianLinear(), Galton(), UniformEdge()];

    public static TheoryData<string> All => [.. Cases.Select(c => c.Name)];

    public static PosteriorCase Of(string name) => Cases.Single(c => c.Name == name);

    /// <summary>theta ~ N(0, I), xᵢ = thetaᵢ + 0.5 thetaᵢ₊₁ + 0.5 e, in any dimension: precision I + 4 AᵀA, mean of covariance · 4 Aᵀx.</summary>
    public static PosteriorCase LinearGaussian(int d)
    {
        double[] precision = new double[d * d], covariance = new double[d * d], factor = new double[d * d], identity = new double[d], column = new double[d];
        for (int i = 0; i < d; i++)
        {
            precision[i * (d + 1)] = 5 + (i > 0 ? 1 : 0);
            if (i > 0)
            {
                precision[(i * d) + i - 1] = precision[((i - 1) * d) + i] = 2;
            }
        }

        // With L Lᵀ the precision its inverse is L⁻ᵀ L⁻¹; columns of L⁻¹ are solutions for unit vectors.
        Assert.Null(CholeskyFactor.Compute(precision, d, factor));
        double[] inverse = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            Array.Clear(identity);
            identity[i] = 1;
            CholeskyFactor.Solve(factor, identity, new double[d], column);
            column.CopyTo(inverse, i * d);
        }

        for (int i = 0; i < d * d; i++)
        {
            covariance[i] = Enumerable.Range(0, d).Sum(m => inverse[(i / d * d) + m] * inverse[(i % d * d) + m]);
        }

        (double[], double[]) Moments(double[] x)
        {
            double[] pulled = [.. x.Select((v, i) => 4 * (v + (i > 0 ? 0.5 * x[i - 1] : 0)))];
            return ([.. Enumerable.Range(0, d).Select(i => Enumerable.Range(0, d).Sum(j => covariance[(i * d) + j] * pulled[j]))], covariance);
        }

        return new PosteriorCase
        {
            Name = $"gaussian-linear-{d}",
            Prior = new IndependentProduct([.. Enumerable.Range(0, d).Select(i => ($"theta_{i}", (IDistribution)new Normal(0, 1)))]),
            Features = d,
            Simulate = (theta, x, rng) =>
            {
                for (int i = 0; i < d; i++)
                {
                    x[i] = theta[i] + (i + 1 < d ? 0.5 * theta[i + 1] : 0) + (0.5 * rng.NextNormal());
                }
            },
            LogPosterior = (theta, x) => new MultivariateNormal(Moments(x).Item1, covariance).LogProb(theta),
            Moments = Moments,
            Observations = [new double[d], [.. Enumerable.Range(0, d).Select(i => (i % 2 == 0 ? 1 : -1) * (i + 1 < d ? 0.5 : 1))]],      // of 0 and of ±1 in turn, without noise
            Network = Small,
        };
    }

    // theta ~ N(0, I), x = A theta + 0.5 e with A = [[1, 0.5], [0, 1]]: precision I + 4 AᵀA, mean of covariance · 4 Aᵀx.
    private static PosteriorCase GaussianLinear()
    {
        // AᵀA = [[1, 0.5], [0.5, 1.25]], so the precision is [[5, 2], [2, 6]], its determinant 26.
        double[] covariance = [6.0 / 26, -2.0 / 26, -2.0 / 26, 5.0 / 26];
        (double[], double[]) Moments(double[] x)
        {
            double a = 4 * x[0], b = 4 * ((0.5 * x[0]) + x[1]);
            return ([(covariance[0] * a) + (covariance[1] * b), (covariance[2] * a) + (covariance[3] * b)], covariance);
        }

        return new PosteriorCase
        {
            Name = "gaussian-linear",
            Prior = new IndependentProduct(("a", new Normal(0, 1)), ("b", new Normal(0, 1))),
            Features = 2,
            Simulate = (theta, x, rng) => (x[0], x[1]) = (theta[0] + (0.5 * theta[1]) + (0.5 * rng.NextNormal()), theta[1] + (0.5 * rng.NextNormal())),
            LogPosterior = (theta, x) => new MultivariateNormal(Moments(x).Item1, covariance).LogProb(theta),
            Moments = Moments,
            Observations = [[0, 0], [1, -1], [-1.5, 0.5]],
            Network = Small,
        };
    }

    // A discrete x. Uniform prior, so Beta(x + 1, rows - x + 1).
    private static PosteriorCase Galton()
    {
        const int Rows = 20;
        ISimulator board = new GaltonBoard(Rows);
        return new PosteriorCase
        {
            Name = "galton-board",
            Prior = new Uniform(0, 1),
            Features = 1,
            Simulate = (theta, x, rng) => board.Simulate(theta, x, rng),
            LogPosterior = (theta, x) => SpecialFunctions.BetaLogPdf(theta[0], x[0] + 1, Rows - x[0] + 1),
            Moments = x =>
            {
                double a = x[0] + 1, b = Rows - x[0] + 1;
                return ([a / (a + b)], [a * b / ((a + b) * (a + b) * (a + b + 1))]);
            },
            Observations = [[3], [10], [19]],
            Network = Small,
        };
    }

    // theta ~ U(0, 1), x = theta + 0.2 e: a normal cut off at the ends of the prior.
    private static PosteriorCase UniformEdge()
    {
        TruncatedNormal Posterior(double[] x) => new(x[0], 0.2, 0, 1);
        return new PosteriorCase
        {
            Name = "uniform-edge",
            Prior = new Uniform(0, 1),
            Features = 1,
            Simulate = (theta, x, rng) => x[0] = theta[0] + (0.2 * rng.NextNormal()),
            LogPosterior = (theta, x) => Posterior(x).LogProb(theta[0]),
            Moments = x => ([Posterior(x).Mean], [Posterior(x).Variance]),
            Observations = [[0.02], [0.5], [1.1]],
            Network = Small,
        };
    }
}
