using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Five numbers of N(0, sigma²).</summary>
public sealed class ScaledNoise : ISimulator, ILikelihood
{
    public IReadOnlyList<string> ParameterNames => ["sigma"];

    public IReadOnlyList<string> OutputNames => ["a", "b", "c", "d", "e"];

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = theta[0] * rng.NextNormal();
        }
    }

    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        double log = 0;
        for (int i = 0; i < x.Length; i++)
        {
            log += SpecialFunctions.NormalLogPdf(x[i] / theta[0]) - Math.Log(theta[0]);
        }

        return log;
    }
}
