using Quincunx.Inference.Distributions;
using Quincunx.Inference.Nre;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Importance;

/// <summary>For each pair some draws of a posterior at its x, with the logs of their weights.</summary>
internal sealed class ContrastDraws
{
    private readonly double[][] _draws, _logWeights;

    private ContrastDraws(double[] own, int dimension, double[][] draws, double[][] logWeights, double failed) =>
        (Own, Dimension, _draws, _logWeights, FailedShare) = (own, dimension, draws, logWeights, failed);

    /// <summary>Parameters that made the x, <c>[n, d]</c>.</summary>
    public double[] Own { get; }

    public int Dimension { get; }

    public int Count => Own.Length / Dimension;

    /// <summary>Draws for each pair.</summary>
    public int Each => _draws.Length;

    /// <summary>Share of draws without weight: not numbers, or outside the support. The pair's own parameters stand in their place.</summary>
    public double FailedShare { get; }

    public static ContrastDraws Of(IPosteriorEstimator posterior, SupportBijection bijection, double[] own, double[] xs, int n, int each, Rng rng)
    {
        int d = bijection.Dimension, failed = 0;
        double[] all = new double[n * each * d];
        posterior.SampleMany(xs, each, all, rng);
        double[][] draws = [.. Enumerable.Range(0, each).Select(_ => new double[n * d])], logs = [.. Enumerable.Range(0, each).Select(_ => new double[n])];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < each; j++)
            {
                ReadOnlySpan<double> theta = all.AsSpan(((i * each) + j) * d, d);
                bool inside = bijection.Contains(theta);
                failed += inside ? 0 : 1;
                logs[j][i] = inside ? 0 : double.NegativeInfinity;
                (inside ? theta : own.AsSpan(i * d, d)).CopyTo(draws[j].AsSpan(i * d));
            }
        }

        return new ContrastDraws(own, d, draws, logs, failed / ((double)n * each));
    }

    /// <summary>Draw j of each pair, <c>[n, d]</c>.</summary>
    public double[] Draws(int j) => _draws[j];

    public double Weight(int row, int j) => Math.Exp(_logWeights[j][row]);

    public void Multiply(NeuralRatio ratio, double[] xs)
    {
        double[] logs = new double[Count];
        for (int j = 0; j < Each; j++)
        {
            ratio.LogLikelihoodPairs(_draws[j], xs, logs);
            for (int i = 0; i < logs.Length; i++)
            {
                _logWeights[j][i] += logs[i];
            }
        }
    }

    /// <summary>Of all draws of the rows from one on.</summary>
    public ImportanceWeights Weights(int from) => ImportanceWeights.FromLog([.. _logWeights.SelectMany(logs => logs[from..])]);

    /// <summary>For each of the first rows its own parameters, of weight 1, and then its draws.</summary>
    public (double[] Thetas, double[] Weights) Candidates(int rows)
    {
        int d = Dimension;
        double[] thetas = new double[rows * (Each + 1) * d], weights = new double[rows * (Each + 1)];
        for (int i = 0; i < rows; i++)
        {
            int at = i * (Each + 1);
            weights[at] = 1;
            Own.AsSpan(i * d, d).CopyTo(thetas.AsSpan(at * d));
            for (int j = 0; j < Each; j++)
            {
                weights[at + 1 + j] = Weight(i, j);
                _draws[j].AsSpan(i * d, d).CopyTo(thetas.AsSpan((at + 1 + j) * d));
            }
        }

        return (thetas, weights);
    }
}
