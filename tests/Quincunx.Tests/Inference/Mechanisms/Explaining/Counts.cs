using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Tests.Inference.Mechanisms.Explaining;

/// <summary>Two counts of one gamma rate, of which the second is seen.</summary>
internal sealed class Counts : IMechanism
{
    public IReadOnlyList<string> ParameterNames { get; } = [];

    public IReadOnlyList<string> OutputNames { get; } = ["count"];

    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        TReal rate = trace.Draw(new Site("rate"), Law.Gamma(TReal.CreateTruncating(2), TReal.One));
        trace.Draw(new Site("hidden"), Law.Poisson(rate));
        x[0] = trace.Draw(Site.Output(0), Law.Poisson(rate));
    }
}
