using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Equivariance;

/// <summary>q(theta | x, ĝ) by a network of moved parameters given moved data.</summary>
internal sealed class LearnedPosedPosterior(IPoseGroup group, PosedRows rows, NeuralPosterior conditional, NeuralPosterior start) : IPosedPosterior
{
    public int Dimension => group.Dimension;

    public void Start(ReadOnlySpan<double> x, Span<double> poses, Rng rng) => start.Sample(x, poses, rng);

    public void Sample(ReadOnlySpan<double> x, ReadOnlySpan<double> poses, Span<double> thetas, Rng rng)
    {
        int p = group.PoseDimension, d = Dimension, n = poses.Length / p;
        (double[] contexts, double[] elements, _) = Standardise(x, poses);
        double[] relative = new double[n * d];
        conditional.SampleMany(contexts, 1, relative, rng);
        for (int i = 0; i < n; i++)
        {
            group.MoveTheta(elements.AsSpan(i * p, p), relative.AsSpan(i * d, d), thetas.Slice(i * d, d));
        }
    }

    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> poses, ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        int p = group.PoseDimension, d = Dimension, n = logProbs.Length;
        (double[] contexts, _, double[] inverses) = Standardise(x, poses);
        bool single = poses.Length == p;
        double[] relative = new double[n * d], slopes = new double[n];
        for (int i = 0; i < n; i++)
        {
            slopes[i] = group.MoveTheta(inverses.AsSpan(single ? 0 : i * p, p), thetas.Slice(i * d, d), relative.AsSpan(i * d, d));
        }

        if (single)
        {
            conditional.LogProb(contexts, relative, logProbs);
        }
        else
        {
            conditional.LogProbPairs(relative, contexts, logProbs);
        }

        for (int i = 0; i < n; i++)
        {
            logProbs[i] += slopes[i];
        }
    }

    private (double[] Contexts, double[] Elements, double[] Inverses) Standardise(ReadOnlySpan<double> x, ReadOnlySpan<double> poses)
    {
        int p = group.PoseDimension, n = poses.Length / p;
        double[] contexts = new double[n * rows.Context], elements = new double[n * p], inverses = new double[n * p];
        for (int i = 0; i < n; i++)
        {
            rows.Standardise(poses.Slice(i * p, p), x, contexts.AsSpan(i * rows.Context, rows.Context), elements.AsSpan(i * p, p), inverses.AsSpan(i * p, p));
        }

        return (contexts, elements, inverses);
    }
}
