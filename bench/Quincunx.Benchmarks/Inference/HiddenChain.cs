using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Benchmarks.Inference;

/// <summary>A Markov chain over three states, seen through normal noise of width theta.</summary>
internal sealed class HiddenChain(int steps) : IMechanism
{
    private static readonly double[][] Rows = [[0.7, 0.2, 0.1], [0.15, 0.7, 0.15], [0.1, 0.3, 0.6], [0.5, 0.3, 0.2]];
    private static readonly double[] Levels = [-1, 0.5, 2];

    public IReadOnlyList<string> ParameterNames { get; } = ["noise"];

    public IReadOnlyList<string> OutputNames { get; } = [.. Enumerable.Range(0, steps).Select(t => $"x_{t}")];

    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Span<TReal> weights = stackalloc TReal[3];
        for (int t = 0, state = 3; t < steps; t++)
        {
            for (int k = 0; k < 3; k++)
            {
                weights[k] = TReal.CreateTruncating(Rows[state][k]);
            }

            state = trace.Pick<TReal, TTrace>(new Site("state", t), weights);
            x[t] = trace.Draw(Site.Output(t), Law.Normal(TReal.CreateTruncating(Levels[state]), theta[0]));
        }
    }
}
