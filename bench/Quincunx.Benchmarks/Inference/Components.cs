using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Benchmarks.Inference;

/// <summary>Four points from a mixture of one to three normals of unit width, whose means have the standard deviation theta.</summary>
internal sealed class Components : IMechanism
{
    public IReadOnlyList<string> ParameterNames { get; } = ["spread"];

    public IReadOnlyList<string> OutputNames { get; } = ["x_0", "x_1", "x_2", "x_3"];

    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Span<TReal> weights = [TReal.CreateTruncating(0.4), TReal.CreateTruncating(0.35), TReal.CreateTruncating(0.25)], means = stackalloc TReal[3];
        int components = 1 + trace.Pick<TReal, TTrace>(new Site("components"), weights);
        for (int k = 0; k < components; k++)
        {
            means[k] = trace.Draw(new Site("mean", k), Law.Normal(TReal.Zero, theta[0]));
            weights[k] = TReal.One;
        }

        for (int i = 0; i < x.Length; i++)
        {
            int label = components == 1 ? 0 : trace.Pick<TReal, TTrace>(new Site("label", i), weights[..components]);
            x[i] = trace.Draw(Site.Output(i), Law.Normal(means[label], TReal.One));
        }
    }
}
