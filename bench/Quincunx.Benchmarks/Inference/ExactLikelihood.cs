using Quincunx.Inference;
using Quincunx.Inference.Simulation;

namespace Quincunx.Benchmarks.Inference;

/// <summary>A simulator's own likelihood where a learned one would stand, with gradients by central differences.</summary>
internal sealed class ExactLikelihood(ILikelihood likelihood, int dimension, int features) : ILikelihoodEstimator
{
    private const double Step = 1e-6;

    public int Dimension => dimension;

    public int Features => features;

    public bool IsNormalised => true;

    public void LogLikelihood(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logs)
    {
        for (int i = 0; i < logs.Length; i++)
        {
            logs[i] = likelihood.LogLikelihood(thetas.Slice(i * dimension, dimension), x);
        }
    }

    public void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs)
    {
        for (int i = 0; i < logs.Length; i++)
        {
            logs[i] = likelihood.LogLikelihood(thetas.Slice(i * dimension, dimension), xs.Slice(i * features, features));
        }
    }

    public void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs, Span<double> gradients)
    {
        LogLikelihoodPairs(thetas, xs, logs);
        double[] theta = new double[dimension];
        for (int i = 0; i < logs.Length; i++)
        {
            ReadOnlySpan<double> x = xs.Slice(i * features, features);
            thetas.Slice(i * dimension, dimension).CopyTo(theta);
            for (int j = 0; j < dimension; j++)
            {
                double at = theta[j];
                theta[j] = at + Step;
                double above = likelihood.LogLikelihood(theta, x);
                theta[j] = at - Step;
                gradients[(i * dimension) + j] = (above - likelihood.LogLikelihood(theta, x)) / (2 * Step);
                theta[j] = at;
            }
        }
    }
}
