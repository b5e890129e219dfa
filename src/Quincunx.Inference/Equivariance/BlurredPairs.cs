using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Equivariance;

/// <summary>Stored simulations, as seen from blurred poses.</summary>
/// <param name="thetas">Shape <c>[n, d]</c>.</param>
/// <param name="xs">Shape <c>[n, k]</c>.</param>
internal sealed class BlurredPairs(PoseKernel kernel, PosedRows rows, double[] thetas, double[] xs)
{
    public int Count => thetas.Length / rows.Dimension;

    /// <summary>One simulation at a new blur of its pose.</summary>
    /// <param name="theta">Moved parameters, <c>[d]</c>, overwritten.</param>
    /// <param name="context">What the network sees, overwritten.</param>
    public void Blur(int row, Rng rng, Span<double> theta, Span<double> context)
    {
        Span<double> pose = stackalloc double[rows.PoseDimension], element = stackalloc double[rows.PoseDimension], inverse = stackalloc double[rows.PoseDimension];
        ReadOnlySpan<double> own = thetas.AsSpan(row * rows.Dimension, rows.Dimension);
        kernel.Blur(own, pose, rng);
        rows.Standardise(pose, xs.AsSpan(row * rows.Features, rows.Features), context, element, inverse);
        kernel.Group.MoveTheta(inverse, own, theta);
    }

    /// <summary>All of them at one blur each, to find scales from.</summary>
    public (double[] Thetas, double[] Contexts) All(Rng rng)
    {
        int d = rows.Dimension, k = rows.Context;
        double[] moved = new double[Count * d], contexts = new double[Count * k];
        Parallel.For(0, Count, i => Blur(i, rng.Split(i), moved.AsSpan(i * d, d), contexts.AsSpan(i * k, k)));
        return (moved, contexts);
    }
}
