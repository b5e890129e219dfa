using MathNet.Numerics.LinearAlgebra;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Benchmarks.Inference;

/// <summary>The linear Gaussian of <see cref="LinearGaussianScores"/> as a likelihood, with its posterior and evidence: theta ~ N(0, I), x = A theta + 0.5 e, ones on A's diagonal and 0.5 beside it.</summary>
internal sealed class CoupledGaussian : ISimulator, ILikelihood
{
    private const double Noise = 0.5, Beside = 0.5;
    private readonly Matrix<double> _toMean, _covariance;
    private readonly MultivariateNormal _observation;

    public CoupledGaussian(int d)
    {
        Dimension = d;
        Matrix<double> a = Matrix<double>.Build.Dense(d, d, (i, j) => i == j ? 1 : j == i + 1 ? Beside : 0), identity = Matrix<double>.Build.DenseIdentity(d);
        _covariance = (identity + (a.TransposeThisAndMultiply(a) / (Noise * Noise))).Inverse();
        _covariance = (_covariance + _covariance.Transpose()) / 2;
        _toMean = _covariance * a.Transpose() / (Noise * Noise);
        _observation = new MultivariateNormal(new double[d], (a.TransposeAndMultiply(a) + (Noise * Noise * identity)).ToRowMajorArray());
        Prior = new IndependentProduct([.. Enumerable.Range(0, d).Select(i => ($"theta_{i}", (IDistribution)new Normal(0, 1)))]);
        (ParameterNames, OutputNames) = ([.. Enumerable.Range(0, d).Select(i => $"theta_{i}")], [.. Enumerable.Range(0, d).Select(i => $"x_{i}")]);
    }

    public IReadOnlyList<string> ParameterNames { get; }

    public IReadOnlyList<string> OutputNames { get; }

    public int Dimension { get; }

    public IDistribution Prior { get; }

    /// <summary>Pairs, both of shape <c>[count, d]</c>.</summary>
    public (double[] Thetas, double[] Xs) Simulate(int count, Rng rng)
    {
        int d = Dimension;
        double[] thetas = new double[count * d], xs = new double[count * d];
        rng.Split("theta").FillNormal(thetas);
        rng.Split("x").FillNormal(xs);
        for (int i = 0; i < xs.Length; i++)
        {
            xs[i] = (Noise * xs[i]) + thetas[i] + (i % d < d - 1 ? Beside * thetas[i + 1] : 0);
        }

        return (thetas, xs);
    }

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        Mean(theta, x);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] += Noise * rng.NextNormal();
        }
    }

    /// <summary>A theta: the observation without noise.</summary>
    public static void Mean(ReadOnlySpan<double> theta, Span<double> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = theta[i] + (i < x.Length - 1 ? Beside * theta[i + 1] : 0);
        }
    }

    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        double log = -theta.Length * Math.Log(Noise);
        for (int i = 0; i < theta.Length; i++)
        {
            log += SpecialFunctions.NormalLogPdf((x[i] - theta[i] - (i < theta.Length - 1 ? Beside * theta[i + 1] : 0)) / Noise);
        }

        return log;
    }

    public double LogEvidence(ReadOnlySpan<double> x) => _observation.LogProb(x);

    /// <param name="width">Factor on all standard deviations; 1 for the posterior itself.</param>
    public MultivariateNormal Posterior(ReadOnlySpan<double> x, double width = 1) =>
        new((_toMean * Vector<double>.Build.Dense(x.ToArray())).AsArray(), (_covariance * (width * width)).ToRowMajorArray());
}
