using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Pilots;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Benchmarks.Inference;

/// <summary>What a pilot says at one observation, without a network: normals cut off at the edges of the prior, one after the other.</summary>
internal sealed class PilotAlone : IPosterior
{
    private readonly PilotFrame _frame;
    private readonly SupportBijection _bijection;

    public PilotAlone(IPilot pilot, IDistribution prior, ReadOnlySpan<double> x)
    {
        _bijection = new SupportBijection(prior);
        _frame = new PilotFrame(pilot, _bijection.Supports);
        _frame.Become(x, new double[PilotFrame.Context(pilot)]);
    }

    public int Dimension => _bijection.Dimension;

    public bool IsNormalised => true;

    public void Sample(Span<double> thetas, Rng rng)
    {
        rng.FillNormal(thetas);
        for (int row = 0; row < thetas.Length; row += Dimension)
        {
            Span<double> theta = thetas.Slice(row, Dimension);
            _ = _frame.FromLocal(theta, theta);
        }
    }

    public void LogProb(ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        double[] w = new double[Dimension];
        for (int i = 0; i < logProbs.Length; i++)
        {
            ReadOnlySpan<double> theta = thetas.Slice(i * Dimension, Dimension);
            logProbs[i] = _bijection.Contains(theta) ? _frame.ToLocal(theta, w) + w.Sum(SpecialFunctions.NormalLogPdf) : double.NegativeInfinity;
        }
    }
}
