using Quincunx.Inference;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Importance;

/// <summary>Independent normals as a stand-in for a trained posterior, wrong by what it is told.</summary>
internal sealed class GaussianProposal(double[] mean, double sd, bool normalised = true) : IPosterior
{
    public int Dimension => mean.Length;

    public bool IsNormalised => normalised;

    public void Sample(Span<double> thetas, Rng rng)
    {
        for (int i = 0; i < thetas.Length; i++)
        {
            thetas[i] = mean[i % mean.Length] + (sd * rng.NextNormal());
        }
    }

    public void LogProb(ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        logProbs.Clear();
        for (int i = 0; i < thetas.Length; i++)
        {
            logProbs[i / mean.Length] += SpecialFunctions.NormalLogPdf((thetas[i] - mean[i % mean.Length]) / sd) - Math.Log(sd);
        }
    }
}
