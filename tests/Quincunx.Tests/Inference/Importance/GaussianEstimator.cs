using Quincunx.Inference;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Importance;

/// <summary>The posterior N(x / 2, I / 2) of <see cref="GaussianModel"/> at any x, moved by some of its standard deviations and wider by a factor.</summary>
internal sealed class GaussianEstimator(int d, double shift = 0, double width = 1) : IPosteriorEstimator
{
    private readonly double _sd = width * Math.Sqrt(0.5), _shift = shift * Math.Sqrt(0.5);

    public int Dimension => d;

    public bool IsNormalised => true;

    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
    {
        for (int i = 0; i < thetas.Length; i++)
        {
            thetas[i] = (0.5 * x[i % d]) + _shift + (_sd * rng.NextNormal());
        }
    }

    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
    {
        for (int i = 0; i < xs.Length / d; i++)
        {
            Sample(xs.Slice(i * d, d), thetas.Slice(i * count * d, count * d), rng);
        }
    }

    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        for (int i = 0; i < logProbs.Length; i++)
        {
            LogProbPairs(thetas.Slice(i * d, d), x, logProbs.Slice(i, 1));
        }
    }

    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs)
    {
        logProbs.Clear();
        for (int i = 0; i < thetas.Length; i++)
        {
            logProbs[i / d] += SpecialFunctions.NormalLogPdf((thetas[i] - (0.5 * xs[i]) - _shift) / _sd) - Math.Log(_sd);
        }
    }
}
