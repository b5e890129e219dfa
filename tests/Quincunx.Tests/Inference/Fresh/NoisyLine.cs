using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Fresh;

/// <summary>Two parameters of N(0, 1) each, three outputs A theta: with noise of level σ on each, the posterior is normal with precision I + AᵀA / σ², A's rows being those that were observed.</summary>
internal sealed class NoisyLine : ISimulator
{
    public const int Outputs = 3;

    private static readonly double[][] Rows = [[1, 0.5], [-0.3, 1.2], [0.8, -0.6]];

    public static IndependentProduct Prior { get; } = new(("a", new Normal(0, 1)), ("b", new Normal(0, 1)));

    public IReadOnlyList<string> ParameterNames { get; } = ["a", "b"];

    public IReadOnlyList<string> OutputNames { get; } = ["x_0", "x_1", "x_2"];

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        for (int i = 0; i < Outputs; i++)
        {
            x[i] = (Rows[i][0] * theta[0]) + (Rows[i][1] * theta[1]);
        }
    }

    /// <summary>Parameters from the prior and outputs without noise.</summary>
    public static (double[] Thetas, double[] Outputs) Draw(int count, Rng rng)
    {
        SimulationPairs pairs = new SimulationRunner(new NoisyLine()).Run(Prior, 0, count, rng).Successful();
        return (pairs.Theta, pairs.X);
    }

    /// <summary>Mean and covariance [[aa, ab], [ab, bb]] given what is not NaN.</summary>
    public static (double[] Mean, double[] Covariance) Posterior(ReadOnlySpan<double> x, double sigma)
    {
        double aa = 1, ab = 0, bb = 1, pullA = 0, pullB = 0;
        for (int i = 0; i < Outputs; i++)
        {
            if (!double.IsNaN(x[i]))
            {
                double weight = 1 / (sigma * sigma), a = Rows[i][0], b = Rows[i][1];
                (aa, ab, bb) = (aa + (weight * a * a), ab + (weight * a * b), bb + (weight * b * b));
                (pullA, pullB) = (pullA + (weight * a * x[i]), pullB + (weight * b * x[i]));
            }
        }

        double det = (aa * bb) - (ab * ab);
        return ([((bb * pullA) - (ab * pullB)) / det, ((aa * pullB) - (ab * pullA)) / det], [bb / det, -ab / det, -ab / det, aa / det]);
    }
}
