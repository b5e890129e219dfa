using Quincunx.Inference.Gold;

namespace Quincunx.Tests.Inference.Methods;

/// <summary>Joint ratios and scores for pairs that are there already: those of a likelihood, its slopes by central differences. Each event stands beside the parameters of the next.</summary>
/// <param name="logLikelihood">log p(theta, x) in this order; null for one of no meaning, for tests that only need finite numbers.</param>
internal sealed class Gold(Func<double[], double[], double>? logLikelihood = null)
{
    private const double Step = 1e-5;

    public MinedSimulations Of(double[] thetas, double[] xs, int dimension, int features)
    {
        int n = thetas.Length / dimension;
        double[] others = n == 0 ? [] : [.. thetas[dimension..], .. thetas[..dimension]], ratios = new double[n], scores = new double[n * dimension];
        for (int i = 0; i < Math.Min(n, xs.Length / features); i++)
        {
            double[] theta = thetas[(i * dimension)..((i + 1) * dimension)], x = xs[(i * features)..((i + 1) * features)];
            ratios[i] = Log(others[(i * dimension)..((i + 1) * dimension)], x) - Log(theta, x);
            for (int j = 0; j < dimension; j++)
            {
                double[] above = [.. theta], below = [.. theta];
                (above[j], below[j]) = (theta[j] + Step, theta[j] - Step);
                scores[(i * dimension) + j] = (Log(above, x) - Log(below, x)) / (2 * Step);
            }
        }

        return new MinedSimulations(thetas, others, xs, ratios, scores, 0);
    }

    private double Log(double[] theta, double[] x) => logLikelihood?.Invoke(theta, x) ?? -0.02 * theta.Zip(x, (t, v) => (t - v) * (t - v)).Sum();
}
