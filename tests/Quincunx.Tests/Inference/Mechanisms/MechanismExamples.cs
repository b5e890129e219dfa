using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Tests.Inference.Mechanisms;

/// <summary>z ~ Normal(θ, 2), x ~ Normal(z, 1): joint score (z - θ) / 4, score of x (x - θ) / 5.</summary>
internal sealed class TwoNormals : IMechanism
{
    public static readonly Site Z = new("z");

    public IReadOnlyList<string> ParameterNames { get; } = ["theta"];

    public IReadOnlyList<string> OutputNames { get; } = ["x"];

    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        TReal z = trace.Draw(Z, Law.Normal(theta[0], TReal.CreateTruncating(2)));
        x[0] = trace.Draw(Site.Output(0), Law.Normal(z, TReal.One));
    }
}

/// <summary>A tree that grows by chance: with probability a node has two children, each a leaf's weight is drawn; x is the number of leaves and the last leaf's weight.</summary>
/// <remarks>Recursion, a loop, branches on choices, and choices of both kinds whose number is not fixed.</remarks>
internal sealed class GrowingTree : IMechanism
{
    public IReadOnlyList<string> ParameterNames { get; } = ["branching", "rate", "shape"];

    public IReadOnlyList<string> OutputNames { get; } = ["leaves", "seen"];

    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        (int leaves, TReal weight) = Grow(theta, 0, ref trace);
        x[0] = TReal.CreateTruncating(leaves);
        x[1] = trace.Draw(Site.Output(1), Law.Normal(weight * theta[1], TReal.One + theta[0]));
    }

    private static (int Leaves, TReal Weight) Grow<TReal, TTrace>(ReadOnlySpan<TReal> theta, long node, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        if (trace.Flip(new Site("branch", node), theta[0] / TReal.CreateTruncating(1 + node)))
        {
            (int left, TReal first) = Grow(theta, (2 * node) + 1, ref trace);
            (int right, TReal second) = Grow(theta, (2 * node) + 2, ref trace);
            return (left + right, first + second);
        }

        TReal count = trace.Draw(new Site("count", node), Law.Poisson(theta[1]));
        return (1, count + trace.Draw(new Site("weight", node), Law.Gamma(theta[2], theta[1])));
    }
}

/// <summary>A branch on theta itself: above 1 another choice is made on the way.</summary>
internal sealed class Threshold : IMechanism
{
    public IReadOnlyList<string> ParameterNames { get; } = ["theta"];

    public IReadOnlyList<string> OutputNames { get; } = ["x"];

    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        TReal mean = theta[0] > TReal.One
            ? trace.Draw(new Site("detour"), Law.Exponential(theta[0]))
            : theta[0] > TReal.CreateTruncating(0.5) ? TReal.CreateTruncating(3) * theta[0] : theta[0];
        x[0] = trace.Draw(Site.Output(0), Law.Normal(mean, TReal.One));
    }
}

/// <summary>Noise that is added instead of a law that moves: nothing to mine.</summary>
internal sealed class AddedNoise : IMechanism
{
    public IReadOnlyList<string> ParameterNames { get; } = ["theta"];

    public IReadOnlyList<string> OutputNames { get; } = ["x"];

    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal> => x[0] = theta[0] + trace.Draw(new Site("noise"), Law.Normal(TReal.Zero, TReal.One));
}
