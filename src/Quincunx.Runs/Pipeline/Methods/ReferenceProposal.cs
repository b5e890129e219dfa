using Quincunx.Inference;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary>Draws of a posterior of which every second is the reference hypothesis, for a further round of <see cref="CarlMethod"/>.</summary>
internal sealed class ReferenceProposal(IPosteriorEstimator posterior, double[] reference) : IPosteriorEstimator
{
    public int Dimension => posterior.Dimension;

    public bool IsNormalised => false;

    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
    {
        int d = Dimension, n = thetas.Length / d;
        double[] draws = new double[(n + 1) / 2 * d];
        posterior.Sample(x, draws, rng);
        for (int i = 0; i < n; i++)
        {
            (i % 2 == 0 ? draws.AsSpan(i / 2 * d, d) : reference).CopyTo(thetas[(i * d)..]);
        }
    }

    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs) => throw WithoutDensity();

    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs) => throw WithoutDensity();

    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng) => throw new NotSupportedException("A round is drawn at one observation.");

    private static NotSupportedException WithoutDensity() => new("A proposal with a point of its own has no density.");
}
